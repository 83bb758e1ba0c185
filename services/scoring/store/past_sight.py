"""Which stored scores were computed from a record that the caller may not see by now."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from services.scoring.store.merging import records_behind
from services.scoring.tables import child, score
from shared.access import seen_by
from shared.domain.access import Sight


class Unseen(NamedTuple):
    """Of some stored scores, what is out of sight."""

    scores: frozenset[UUID]
    following: frozenset[UUID]
    """Those that follow upon such a score: what made them change is out of sight."""


def out_of_sight(connection: Connection, sight: Sight, score_ids: Collection[UUID]) -> Unseen:
    """Of some stored scores, by their ids. One query."""
    if not score_ids:
        return Unseen(frozenset(), frozenset())
    asked, one = score.alias("asked"), score.alias("one")
    looked_at = (
        select(asked.c.score_id.label("asked"), one.c.score_id)
        .join(
            one,
            and_(
                one.c.child_id == asked.c.child_id,
                or_(one.c.number == asked.c.number, one.c.number == asked.c.number - 1),
            ),
        )
        .where(asked.c.score_id.in_(score_ids))
        .subquery("looked_at")
    )
    record = records_behind(select(looked_at.c.score_id)).subquery("record")
    rows = connection.execute(
        select(looked_at.c.asked, looked_at.c.score_id)
        .join(record, record.c.key == looked_at.c.score_id)
        .join(child, child.c.child_id == record.c.child_id)
        .where(~seen_by(sight, child))
    ).all()
    return Unseen(
        frozenset(row.asked for row in rows if row.asked == row.score_id),
        frozenset(row.asked for row in rows if row.asked != row.score_id),
    )
