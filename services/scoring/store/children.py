"""Children as scoring knows them: the projection of referrals' `child.changed`."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from services.scoring.domain.assessment import Facts
from services.scoring.domain.tally import NOT_KNOWN
from services.scoring.store.merging import counted_as, records_at
from services.scoring.tables import child, child_identifier, child_version, merged_child
from shared.access import seen_by
from shared.contracts.events import ChildChanged
from shared.domain.access import AccessFacts, Sight
from shared.storage.upsert import upserting

_IDENTIFIERS = 0x414D4231
"""Advisory lock: who resolves identifiers shares it, who changes them has it alone."""


_FACTS = select(child.c.team, child.c.restricted, child.c.staff_relative)


class Record(NamedTuple):
    """A record of a child, and the one that its evidence counts for: itself, unless merged."""

    child_id: UUID
    counts_for: UUID


def keep_identifiers(connection: Connection) -> None:
    """Until the end of the transaction nobody becomes known by another number, and no two records
    become one.

    Without it an update could find no child and be held, just as its child becomes known and
    finds no update that waits. (SQLite has one writer at a time anyway.)
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock_shared(_IDENTIFIERS)))


def shut_out_intake(connection: Connection) -> None:
    """Until the end of the transaction no update is resolved to a child: see above."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_IDENTIFIERS)))


def put_child(connection: Connection, event: ChildChanged, entry_id: UUID) -> None:
    """Take over what referrals says of a child. The child's row is locked from here on."""
    facts = {
        "team": event.team,
        "restricted": event.restricted,
        "staff_relative": event.staff_relative,
        "sex": event.sex,
        "ethnicity": event.ethnicity,
        "looked_after": event.looked_after,
    }
    connection.execute(
        upserting(connection, child)
        .values(child_id=event.child_id, **facts)
        .on_conflict_do_update(index_elements=["child_id"], set_=facts)
    )
    connection.execute(
        insert(child_version).values(
            entry_id=entry_id,
            child_id=event.child_id,
            date_of_birth=event.date_of_birth,
            date_of_birth_estimated=event.date_of_birth_estimated,
        )
    )
    connection.execute(
        delete(child_identifier).where(child_identifier.c.child_id == event.child_id)
    )
    if event.identifiers:
        connection.execute(
            insert(child_identifier),
            [
                {"type": known.type, "value": known.value, "child_id": event.child_id}
                for known in event.identifiers
            ],
        )


def share_sight(connection: Connection, child_id: UUID, group: Collection[UUID]) -> None:
    """Whoever may see the record that answers for a group may see each of it, and nobody else."""
    facts = connection.execute(_FACTS.where(child.c.child_id == child_id)).one()
    connection.execute(update(child).where(child.c.child_id.in_(group)).values(**facts._asdict()))


def hide_every_child(connection: Connection) -> None:
    """Restrict every child, and forget every identifier: only `put_child` brings them back."""
    connection.execute(update(child).values(restricted=True, staff_relative=True))
    connection.execute(delete(child_identifier))


def facts_for_reports(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, Facts]:
    """What is known of some children for figures of disparity alone. One query."""
    rows = connection.execute(
        select(child.c.child_id, child.c.sex, child.c.ethnicity, child.c.looked_after).where(
            child.c.child_id.in_(child_ids)
        )
    )
    said = {None: NOT_KNOWN, True: "yes", False: "no"}
    return {
        row.child_id: Facts(
            row.sex or NOT_KNOWN, row.ethnicity or NOT_KNOWN, said[row.looked_after]
        )
        for row in rows
    }


def access_facts(connection: Connection, child_id: UUID) -> AccessFacts | None:
    """Who may see a child; None for a child that scoring doesn't know."""
    row = connection.execute(_FACTS.where(child.c.child_id == child_id)).one_or_none()
    return None if row is None else AccessFacts(*row)


def access_facts_at(connection: Connection, child_id: UUID, position: int) -> list[AccessFacts]:
    """Who may see each record that counted for a child's at a position of the journal."""
    records = records_at([child_id], position).subquery("record")
    rows = connection.execute(_FACTS.join(records, records.c.child_id == child.c.child_id))
    return [AccessFacts(*row) for row in rows]


def known_children(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, Record]:
    """Those of the ids that scoring knows. One query, whatever the number."""
    if not child_ids:
        return {}
    rows = connection.execute(
        select(child.c.child_id, counted_as(child.c.child_id))
        .outerjoin(merged_child, merged_child.c.child_id == child.c.child_id)
        .where(child.c.child_id.in_(child_ids))
    )
    return {child_id: Record(child_id, answering) for child_id, answering in rows}


def children_by_identifier(
    connection: Connection, identifiers: Collection[tuple[str, str]]
) -> dict[tuple[str, str], set[Record]]:
    """Which records carry each identifier. One query, whatever the number."""
    found: dict[tuple[str, str], set[Record]] = defaultdict(set)
    if identifiers:
        owner = child_identifier.c.child_id
        rows = connection.execute(
            select(child_identifier.c.type, child_identifier.c.value, owner, counted_as(owner))
            .outerjoin(merged_child, merged_child.c.child_id == owner)
            .where(*carried(child_identifier, identifiers))
        )
        for kind, value, child_id, answering in rows:
            found[kind, value].add(Record(child_id, answering))
    return found


def carried(
    carrying: Table, identifiers: Collection[tuple[str, str]]
) -> tuple[ColumnElement[bool], ...]:
    """Conditions that leave the rows with any of some values, and few others: types and values
    apart, in the order of the table's key, so that each is looked for and nothing walked through.
    """
    types, values = zip(*identifiers, strict=True)
    return carrying.c.type.in_(set(types)), carrying.c.value.in_(set(values))


def only_child(found: Collection[Record]) -> Record | None:
    """The record that is meant where some answer to what was said of a child. Several records of
    one child: the one that answers for them all. None where it is nobody, or not one child."""
    if len(found) == 1:
        return next(iter(found))
    answering = {record.counts_for for record in found}
    return Record(*answering, *answering) if len(answering) == 1 else None


def identifiers_of(connection: Connection, group: Collection[UUID]) -> list[tuple[str, str]]:
    """The identifiers that some records carry."""
    rows = connection.execute(
        select(child_identifier.c.type, child_identifier.c.value).where(
            child_identifier.c.child_id.in_(group)
        )
    )
    return [(kind, value) for kind, value in rows]


def out_of_sight(
    connection: Connection, sight: Sight, identifiers: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those of the identifiers that a child carries whom the caller may not see. One query."""
    if not identifiers:
        return set()
    rows = connection.execute(
        select(child_identifier.c.type, child_identifier.c.value)
        .join(child, child.c.child_id == child_identifier.c.child_id)
        .where(
            *carried(child_identifier, identifiers),
            ~seen_by(sight, child),
        )
    )
    return {(row.type, row.value) for row in rows}


def lock_children(connection: Connection, child_ids: Iterable[UUID]) -> None:
    """Nobody else adds to or scores these children until the end of the transaction.

    Sorted, so that two transactions never wait for each other in a ring. (SQLite has one writer at
    a time anyway.)
    """
    if connection.dialect.name == "postgresql":
        connection.execute(
            select(child.c.child_id)
            .where(child.c.child_id.in_(sorted(child_ids)))
            .order_by(child.c.child_id)
            .with_for_update()
        )
