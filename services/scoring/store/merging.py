"""Records of the same child: which of them the evidence of each counts for, now and as known then.

A statement stays with the record it came for. Merging and parting records only changes which record
answers for it, so that nothing is moved and nothing can be lost on the way.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    union_all,
)
from sqlalchemy import update as sql_update

from services.scoring.domain.merging import counts_for
from services.scoring.tables import child, counting, journal, merged_child, score
from shared.storage.upsert import upserting

Position = ColumnElement[int] | int
Ids = Collection[UUID] | BindParameter[Any]
"""Some ids, or their place in a query that is made once."""


def counted_as(record: ColumnElement[UUID]) -> ColumnElement[UUID]:
    """The record that answers for a record now. Needs an outer join with `merged_child`."""
    return func.coalesce(merged_child.c.counts_for, record)


def put_survivor(
    connection: Connection, child_id: UUID, survivor_id: UUID | None, entry_id: UUID
) -> dict[UUID, tuple[UUID, UUID]]:
    """A record was merged into another, or stands by itself (again).

    Returns the records that count for another one than before: for which before, and for which now.
    """
    concerned = [child_id] if survivor_id is None else [child_id, survivor_id]
    before, survivors = _as_they_are(connection, concerned)
    survivors[child_id] = survivor_id
    after = {record: counts_for(record, survivors) for record in before}
    moved = {each: (before[each], after[each]) for each in before if before[each] != after[each]}
    _put_link(connection, child_id, survivor_id, after[child_id])
    for record in moved.keys() - {child_id}:
        connection.execute(
            sql_update(merged_child)
            .where(merged_child.c.child_id == record)
            .values(counts_for=after[record])
        )
    _put_counting(connection, moved, entry_id)
    return moved


def _put_counting(
    connection: Connection, moved: Mapping[UUID, tuple[UUID, UUID]], entry_id: UUID
) -> None:
    if moved:
        connection.execute(
            insert(counting),
            [
                {"entry_id": entry_id, "child_id": record, "counts_for": now}
                for record, (_, now) in sorted(moved.items())
            ],
        )


def _as_they_are(
    connection: Connection, records: Collection[UUID]
) -> tuple[dict[UUID, UUID], dict[UUID, UUID | None]]:
    """Whom the records, and all that count for the same ones, count for; and their survivors."""
    answering = select(merged_child.c.counts_for).where(merged_child.c.child_id.in_(records))
    rows = connection.execute(
        select(
            merged_child.c.child_id, merged_child.c.survivor_id, merged_child.c.counts_for
        ).where(
            or_(
                merged_child.c.counts_for.in_(records),
                merged_child.c.counts_for.in_(answering),
            )
        )
    ).all()
    roots = {record: record for record in records} | {
        row.counts_for: row.counts_for for row in rows
    }
    return (
        roots | {row.child_id: row.counts_for for row in rows},
        {row.child_id: row.survivor_id for row in rows},
    )


def _put_link(
    connection: Connection, child_id: UUID, survivor_id: UUID | None, answering: UUID
) -> None:
    if survivor_id is None:
        connection.execute(delete(merged_child).where(merged_child.c.child_id == child_id))
        return
    facts = {"survivor_id": survivor_id, "counts_for": answering}
    connection.execute(
        upserting(connection, merged_child)
        .values(child_id=child_id, **facts)
        .on_conflict_do_update(index_elements=["child_id"], set_=facts)
    )


def answers_for(connection: Connection, child_id: UUID, position: int | None = None) -> UUID:
    """The record that answers for a record: itself, unless it was merged (as known at a position of
    the journal; None: now)."""
    if position is None:
        found = select(merged_child.c.counts_for).where(merged_child.c.child_id == child_id)
    else:
        entries = journal.entries
        found = (
            select(counting.c.counts_for)
            .join(entries, entries.c.entry_id == counting.c.entry_id)
            .where(counting.c.child_id == child_id, entries.c.position <= position)
            .order_by(entries.c.position.desc())
            .limit(1)
        )
    return connection.scalar(found) or child_id


def merged_now(connection: Connection) -> dict[UUID, UUID]:
    """Every record that was merged, with the one that answers for it."""
    rows = connection.execute(select(merged_child.c.child_id, merged_child.c.counts_for))
    return {row.child_id: row.counts_for for row in rows}


def last_counted(connection: Connection) -> dict[UUID, UUID]:
    """Every record that counts for another, by the last word on it."""
    entries = journal.entries
    rows = connection.execute(
        select(counting.c.child_id, counting.c.counts_for)
        .join(entries, entries.c.entry_id == counting.c.entry_id)
        .order_by(entries.c.position)
    )
    last = {row.child_id: row.counts_for for row in rows}
    return {record: answering for record, answering in last.items() if answering != record}


def group_of(connection: Connection, child_id: UUID) -> list[UUID]:
    """The record and all that count for it now, in the order of their ids."""
    records = records_now([child_id]).subquery()
    return sorted(connection.execute(select(records.c.child_id)).scalars())


def records_of(child_ids: Collection[UUID], position: int | None) -> CompoundSelect[Any]:
    """`records_at` a position; None: `records_now`."""
    return records_now(child_ids) if position is None else records_at(child_ids, position)


def records_now(child_ids: Ids) -> CompoundSelect[Any]:
    """Rows `(key, child_id)`: each of the ids, with itself and every record that counts for it."""
    return union_all(
        select(child.c.child_id.label("key"), child.c.child_id).where(
            child.c.child_id.in_(child_ids)
        ),
        select(merged_child.c.counts_for, merged_child.c.child_id).where(
            merged_child.c.counts_for.in_(child_ids)
        ),
    )


def records_at(child_ids: Ids, position: Position) -> CompoundSelect[Any]:
    """The same as known at a position of the journal."""
    return union_all(
        select(child.c.child_id.label("key"), child.c.child_id).where(
            child.c.child_id.in_(child_ids)
        ),
        _counted_at(select(counting.c.counts_for, counting.c.child_id), position).where(
            counting.c.counts_for.in_(child_ids)
        ),
    )


def merged_at(position: Position) -> Select[Any]:
    """The records that another answered for, as known at a position of the journal."""
    return _counted_at(select(counting.c.child_id), position)


def part_all(connection: Connection, entry_id: UUID) -> dict[UUID, tuple[UUID, UUID]]:
    """Every record stands by itself again. Returns as `put_survivor` does."""
    parted = delete(merged_child).returning(merged_child.c.child_id, merged_child.c.counts_for)
    moved = {record: (was, record) for record, was in connection.execute(parted)}
    _put_counting(connection, moved, entry_id)
    return moved


def records_behind(score_ids: Ids | Select[Any]) -> CompoundSelect[Any]:
    """Rows `(key, child_id, until)`: each stored score, with the records that its child's evidence
    came from and the position of the journal up to which it was known."""
    merged = select(score.c.score_id, counting.c.child_id, score.c.known_position).join_from(
        score, counting, counting.c.counts_for == score.c.child_id
    )
    return union_all(
        select(
            score.c.score_id.label("key"), score.c.child_id, score.c.known_position.label("until")
        ).where(score.c.score_id.in_(score_ids)),
        _counted_at(merged, score.c.known_position).where(score.c.score_id.in_(score_ids)),
    )


def _counted_at(query: Select[Any], position: Position) -> Select[Any]:
    """Of rows of `counting`, those that held at a position: no later one of the record by then."""
    entry, later = journal.entries.alias(), counting.alias()
    later_entry = journal.entries.alias()
    replaced = (
        exists()
        .select_from(later.join(later_entry, later_entry.c.entry_id == later.c.entry_id))
        .where(
            later.c.child_id == counting.c.child_id,
            later_entry.c.position > entry.c.position,
            later_entry.c.position <= position,
        )
    )
    return query.join(entry, entry.c.entry_id == counting.c.entry_id).where(
        counting.c.counts_for != counting.c.child_id, entry.c.position <= position, ~replaced
    )
