"""Current ratings and known scores, out of scoring's feed: rows <-> domain."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, func, select

from services.referrals.domain.rating import Rating
from services.referrals.domain.risk import Told
from services.referrals.store.children import is_of
from services.referrals.tables import child, current_rating, known_score
from shared.storage.upsert import upserting


def learn(connection: Connection, told: Sequence[Told]) -> list[Told]:
    """Take in ratings from their places in scoring's journal. An earlier one, or the same one
    again, changes nothing; its score stays citable. Returns those that are news, in their order.

    Three statements, whatever the number. The cursor of the feed is locked: nobody else learns.
    """
    connection.execute(
        upserting(connection, known_score).on_conflict_do_nothing(),
        [{"score_id": each.rating.score_id, "child_id": each.child_id} for each in told],
    )
    kept = current_rating.c
    rows = connection.execute(
        select(kept.child_id, kept.recorded_at, kept.position).where(
            kept.child_id.in_({each.child_id for each in told})
        )
    )
    known = {child_id: (recorded_at, position) for child_id, recorded_at, position in rows}
    news = []
    for each in told:
        place = each.recorded_at, each.position
        if each.child_id not in known or known[each.child_id] < place:
            known[each.child_id] = place
            news.append(each)
    _put(connection, {each.child_id: each for each in news})
    return news


def _put(connection: Connection, latest: Mapping[UUID, Told]) -> None:
    if not latest:
        return
    rows = [_row(each) for each in latest.values()]
    put = upserting(connection, current_rating)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["child_id"],
            set_={name: put.excluded[name] for name in rows[0] if name != "child_id"},
        ),
        rows,
    )


def _row(told: Told) -> dict[str, Any]:
    rating = told.rating
    return {
        "child_id": told.child_id,
        "score_id": rating.score_id,
        "model": rating.model,
        "version": rating.version,
        "as_of": rating.as_of,
        "status": rating.status,
        "total": rating.total,
        "band": rating.band,
        "outlook": json.dumps(_outlook(rating)),
        "recorded_at": told.recorded_at,
        "position": told.position,
    }


def forget_all(connection: Connection) -> None:
    """Forget every rating and every known score. Decisions keep the rating they looked at."""
    connection.execute(delete(current_rating))
    connection.execute(delete(known_score))


def current(connection: Connection, child_id: UUID) -> Rating | None:
    """The rating in force for a child; None while there is none."""
    c = current_rating.c
    stands = select(child.c.rating_of).where(child.c.child_id == child_id)
    row = connection.execute(
        select(c.score_id, c.model, c.version, c.as_of, c.status, c.total, c.band, c.outlook).where(
            # After a merge another record's may stand for the child.
            c.child_id == func.coalesce(stands.scalar_subquery(), child_id)
        )
    ).one_or_none()
    if row is None:
        return None
    *rating, outlook = row
    return Rating(*rating, **from_outlook({} if outlook is None else json.loads(outlook)))


def _outlook(rating: Rating) -> dict[str, Any]:
    return {
        "interval": rating.interval,
        "band_range": rating.band_range,
        "known": rating.known,
        "of": rating.of,
        "cause": rating.cause,
        "judged_band": rating.judged_band,
        "judgement_id": None if rating.judgement_id is None else str(rating.judgement_id),
        "judged_until": None if rating.judged_until is None else rating.judged_until.isoformat(),
    }


def from_outlook(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse; what was kept before outlooks were told has none."""
    interval, band_range = kept.get("interval"), kept.get("band_range")
    judgement_id, judged_until = kept.get("judgement_id"), kept.get("judged_until")
    return {
        "interval": None if interval is None else tuple(interval),
        "band_range": None if band_range is None else tuple(band_range),
        "known": kept.get("known", 0),
        "of": kept.get("of", 0),
        "cause": kept.get("cause"),
        "judged_band": kept.get("judged_band"),
        "judgement_id": None if judgement_id is None else UUID(judgement_id),
        "judged_until": None if judged_until is None else date.fromisoformat(judged_until),
    }


def is_known_score(connection: Connection, score_id: UUID, child_id: UUID) -> bool:
    """Whether scoring has told us of this score for this child, or a record merged into it."""
    found = connection.execute(
        select(known_score.c.score_id).where(
            known_score.c.score_id == score_id,
            known_score.c.child_id.in_(select(child.c.child_id).where(is_of(child_id))),
        )
    )
    return found.one_or_none() is not None


def rating_json(rating: Rating) -> dict[str, Any]:
    """A rating as it is kept with a decision."""
    return {
        "score_id": str(rating.score_id),
        "model": rating.model,
        "version": rating.version,
        "as_of": rating.as_of.isoformat(),
        "status": rating.status,
        "total": rating.total,
        "band": rating.band,
        **_outlook(rating),
    }


def rating_from(kept: Mapping[str, Any]) -> Rating:
    """The reverse of `rating_json`."""
    return Rating(
        score_id=UUID(kept["score_id"]),
        model=kept["model"],
        version=kept["version"],
        as_of=date.fromisoformat(kept["as_of"]),
        status=kept["status"],
        total=kept["total"],
        band=kept["band"],
        **from_outlook(kept),
    )
