"""Who merged and unmerged which children, and why: rows <-> domain. The database refuses to change
them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, insert, or_, select

from services.referrals.domain.child_merge import Merge, MergeCommand
from services.referrals.domain.transitions import Actor
from services.referrals.tables import child, child_merge, journal
from shared.access import seen_by
from shared.domain.access import Sight

_M = child_merge.c
_OTHER = child.alias("other")


def add(connection: Connection, new: Merge, entry_id: UUID) -> None:
    """Store what a person said of two records."""
    connection.execute(
        insert(child_merge).values(
            merge_id=new.merge_id,
            command=new.command.value,
            child_id=new.child_id,
            survivor_id=new.survivor_id,
            entry_id=entry_id,
            at=new.at,
            reason=new.reason,
            client_id=new.by.client_id,
            person_id=new.by.person_id,
        )
    )


def page(
    connection: Connection, sight: Sight, ids: list[UUID], after: UUID | None, limit: int
) -> list[Merge]:
    """What was said of these records, newest first, as far as both sides may be seen."""
    query = (
        select(child_merge)
        .join(child, child.c.child_id == _M.child_id)
        .join(_OTHER, _OTHER.c.child_id == _M.survivor_id)
        .where(
            or_(_M.child_id.in_(ids), _M.survivor_id.in_(ids)),
            seen_by(sight, child),
            seen_by(sight, _OTHER),
        )
        .order_by(_M.merge_id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(_M.merge_id < after)
    return [
        Merge(
            merge_id=row.merge_id,
            command=MergeCommand(row.command),
            child_id=row.child_id,
            survivor_id=row.survivor_id,
            at=row.at,
            by=Actor(row.client_id, row.person_id),
            reason=row.reason,
        )
        for row in connection.execute(query)
    ]


def parted_since(connection: Connection, child_ids: Collection[UUID], position: int) -> set[UUID]:
    """The records that were parted from these children, or from each other, behind a position of
    the journal: what was told of the children there was told of them too."""
    parent, entries = child.alias("parent"), journal.entries
    partings = (
        select(_M.child_id)
        .join(parent, parent.c.child_id == _M.survivor_id)
        .join(entries, entries.c.entry_id == _M.entry_id)
        .where(_M.command == MergeCommand.UNMERGE.value, entries.c.position > position)
    )
    found, asked = set[UUID](), set(child_ids)
    while asked:
        of_them = or_(parent.c.child_id.in_(asked), parent.c.survivor_id.in_(asked))
        asked = set(connection.execute(partings.where(of_them)).scalars()) - found
        found |= asked
    return found
