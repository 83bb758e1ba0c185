"""Which stored scores were computed from a record that the caller may not see by now."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, select

from services.scoring.store.merging import records_behind
from services.scoring.tables import child, score
from shared.access import seen_by
from shared.domain.access import Sight


def out_of_sight(
    connection: Connection, sight: Sight, child_id: UUID, numbers: Collection[int]
) -> set[int]:
    """Those of a child's stored scores, by their numbers. One query."""
    own = select(score.c.score_id).where(score.c.child_id == child_id, score.c.number.in_(numbers))
    record = records_behind(own).subquery("record")
    rows = connection.scalars(
        select(score.c.number)
        .join(record, record.c.key == score.c.score_id)
        .join(child, child.c.child_id == record.c.child_id)
        .where(~seen_by(sight, child))
    )
    return set(rows)
