"""The history of children: rows <-> domain. The database refuses to change them."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.referrals.domain.child_changes import Change, Revision
from services.referrals.domain.transitions import Actor
from services.referrals.tables import child_history

_H = child_history.c


def add(connection: Connection, steps: Sequence[Revision]) -> None:
    """Store steps. A revision is part of the key: nothing is stored twice."""
    if not steps:
        return
    connection.execute(
        insert(child_history),
        [
            {
                "child_id": step.child_id,
                "revision": step.revision,
                "record_id": step.record_id,
                "entry_id": step.entry_id,
                "at": step.at,
                "client_id": step.by.client_id,
                "person_id": step.by.person_id,
                "reason": step.reason,
                "changes": [[each.field, each.before, each.after] for each in step.changes],
            }
            for step in steps
        ],
    )


def page(
    connection: Connection, record_ids: Collection[UUID], after: UUID | None, limit: int
) -> list[Revision]:
    """What was said of these records, newest first."""
    query = (
        select(child_history)
        .where(_H.record_id.in_(record_ids))
        .order_by(_H.entry_id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(_H.entry_id < after)
    return [
        Revision(
            child_id=row.child_id,
            revision=row.revision,
            record_id=row.record_id,
            entry_id=row.entry_id,
            at=row.at,
            by=Actor(row.client_id, row.person_id),
            reason=row.reason,
            changes=tuple(Change(*each) for each in row.changes),
        )
        for row in connection.execute(query)
    ]
