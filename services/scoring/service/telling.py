"""Telling of ratings: the score with the judgement that stands before it, for referrals' feed."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.scoring.domain.model import Model
from services.scoring.store.judgements import Standing
from services.scoring.store.scores import StoredScore
from shared.contracts.events import RATING_CHANGED, BandTold, RatingChanged
from shared.domain.canonical import canonical_bytes, digest
from shared.storage.writing import Writing

JUDGEMENT = "judgement"
"""The cause of a rating that changed because a professional judged, or a judgement ended."""


def tell_score(
    transaction: Writing,
    stored: StoredScore,
    model: Model,
    judged: Standing | None,
    *,
    band_changed: bool,
) -> UUID:
    """Write a new score down in the journal, and with it the rating for referrals' feed."""
    payload: Mapping[str, Any] = {
        **_rating(stored, model, judged, stored.cause).model_dump(mode="json"),
        "band_changed": band_changed and judged is None,
        # The chain covers what the score said, to the letter.
        "document": digest(canonical_bytes(stored.document)),
    }
    return transaction.record(RATING_CHANGED, payload, child_id=stored.child_id)


def tell_judged(
    transaction: Writing, stored: StoredScore, model: Model, judged: Standing | None
) -> None:
    """Tell that the rating in force has changed while the score hasn't."""
    rating = _rating(stored, model, judged, JUDGEMENT).model_dump(mode="json")
    transaction.record(RATING_CHANGED, {**rating, "band_changed": True}, child_id=stored.child_id)


def _rating(
    stored: StoredScore, model: Model, judged: Standing | None, cause: str | None
) -> RatingChanged:
    contributions = stored.document["contributions"]
    if judged is not None and judged.band not in {band.id for band in model.bands}:
        judged = None  # it was made about other bands
    return RatingChanged(
        child_id=stored.child_id,
        score_id=stored.score_id,
        model=stored.model,
        version=stored.version,
        as_of=stored.as_of,
        status=stored.status,
        total=stored.total,
        band=stored.band,
        interval=stored.document["interval"],
        band_range=stored.document["band_range"],
        known=len([each for each in contributions if each["state"] != "unknown"]),
        of=len(contributions),
        cause=cause,
        judged_band=judged and judged.band,
        judgement_id=judged and judged.judgement_id,
        judged_until=judged and judged.until,
        bands=tuple(
            BandTold(
                id=band.id,
                review_within=None if band.review_within is None else str(band.review_within),
            )
            for band in model.bands
        ),
    )
