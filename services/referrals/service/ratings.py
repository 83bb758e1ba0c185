"""What referrals does with scoring's feed."""

from collections.abc import Sequence

from services.referrals.domain.rating import Rating
from services.referrals.domain.risk import Band, Told
from services.referrals.store import child_standing, ratings
from shared.contracts.events import RATING_CHANGED, Event, RatingChanged
from shared.storage.writing import Writing


def forget(transaction: Writing) -> None:
    """Scoring was restored: what it lost must not stand here. It tells the rest again."""
    ratings.forget_all(transaction.connection)
    child_standing.forget_all(transaction.connection)


def take(transaction: Writing, events: Sequence[Event]) -> None:
    """Keep the ratings in force and the scores' ids, for children known here or not (yet)."""
    told = [_told(event) for event in events if event.type == RATING_CHANGED]
    if told:
        news = ratings.learn(transaction.connection, told)
        child_standing.place(transaction.connection, news)


def _told(event: Event) -> Told:
    told = RatingChanged.model_validate(event.data)
    rating = Rating(
        score_id=told.score_id,
        model=told.model,
        version=told.version,
        as_of=told.as_of,
        status=told.status,
        total=told.total,
        band=told.band,
        interval=told.interval,
        band_range=told.band_range,
        known=told.known,
        of=told.of,
        cause=told.cause,
        judged_band=told.judged_band,
        judgement_id=told.judgement_id,
        judged_until=told.judged_until,
    )
    bands = [Band(band.id, band.review_within) for band in told.bands]
    return Told(told.child_id, rating, bands, event.recorded_at, event.position)
