"""Records of children: rows <-> domain."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, func, insert, or_, select, tuple_, update

from services.referrals.domain.child import Child, Dates, Details, Identifier
from services.referrals.domain.child_records import Records
from services.referrals.domain.codes import Disability, Ethnicity, EthnicitySource, Sex
from services.referrals.store.child_facts import Facts, facts_of, write_facts
from services.referrals.store.child_names import write_keys
from services.referrals.tables import child, child_identifier
from shared import access as shared_access
from shared.access import seen_by
from shared.domain.access import AccessFacts, Sight
from shared.storage.upsert import upserting

STANDS_AS = func.coalesce(child.c.survivor_id, child.c.child_id).label("stands_as")
"""Under which id the child of a record is known."""
SURVIVOR = child.alias("survivor")
"""For an outer join by `child.survivor_id`: what `of_whole` reads first."""
_OTHER = child.alias("other")


class NumberTakenError(Exception):
    """Another request gave one of the numbers to a child since we looked."""


def ids_with(connection: Connection, identifiers: Collection[Identifier]) -> set[UUID]:
    """The records that have any of the identifiers."""
    numbers = [(identifier.type.value, identifier.value) for identifier in identifiers]
    found = connection.execute(
        select(child_identifier.c.child_id).where(
            tuple_(child_identifier.c.type, child_identifier.c.value).in_(numbers)
        )
    )
    return set(found.scalars())


def is_of(child_id: UUID) -> ColumnElement[bool]:
    """A condition for WHERE: the row of `child` is a record of the child known under this id, or
    the one merged record that has it."""
    return or_(child.c.child_id == child_id, child.c.survivor_id == child_id)


def is_of_whole(child_id: UUID) -> ColumnElement[bool]:
    """A condition for WHERE: the row of `child` is a record of the child who has this id, or had
    it before a merge."""
    other = child.alias("whose")
    known_as = func.coalesce(other.c.survivor_id, other.c.child_id)
    whose = select(known_as).where(other.c.child_id == child_id).scalar_subquery()
    return or_(child.c.child_id == whose, child.c.survivor_id == whose)


def of_whole(name: str) -> ColumnElement[Any]:
    """A column of `child` as it is known of the whole child: as the survivor says, else the record
    itself, else the first one that says anything. Needs the outer join of `SURVIVOR`."""
    said = _OTHER.c[name]
    others = (
        select(said)
        .where(_OTHER.c.survivor_id == STANDS_AS.element, said.is_not(None))
        .order_by(_OTHER.c.child_id)
        .limit(1)
    )
    return func.coalesce(SURVIVOR.c[name], child.c[name], others.scalar_subquery()).label(name)


def locked(connection: Connection, child_ids: Collection[UUID]) -> list[Records]:
    """The children whom these records belong to, every record locked until the transaction ends.
    An id that there is no record of is left out."""
    while True:
        whole = _whole(connection, child_ids)
        with connection.begin_nested() as attempt:
            # Sorted: two requests never wait for each other in a ring.
            found = select(child).where(whole).order_by(child.c.child_id)
            rows = connection.execute(found.with_for_update()).all()
            now = select(child.c.child_id).where(_whole(connection, child_ids))
            if set(connection.execute(now).scalars()) == {row.child_id for row in rows}:
                return _records(connection, rows)
            # Somebody merged or parted one of them while we waited. To hold these and wait for the
            # others would make a ring of two: let go, and look again.
            attempt.rollback()


def _whole(connection: Connection, child_ids: Collection[UUID]) -> ColumnElement[bool]:
    # Two statements: in one, PostgreSQL walks the whole table.
    stands_as = select(STANDS_AS).where(child.c.child_id.in_(child_ids))
    whose = set(connection.execute(stands_as).scalars())
    return or_(child.c.child_id.in_(whose), child.c.survivor_id.in_(whose))


def seen(connection: Connection, child_id: UUID, sight: Sight) -> Records | None:
    """The records of a child, unless absent or out of sight. Of a merged one, itself alone: its
    `survivor_id` says where the child is known."""
    rows = connection.execute(
        select(child)
        .where(is_of(child_id), seen_by(sight, child))
        .order_by(child.c.survivor_id.is_not(None), child.c.child_id)
    ).all()
    if not rows:
        return None
    first, *merged = _children(connection, rows)
    return Records(first, tuple(merged))


def in_sight(connection: Connection, sight: Sight, record_ids: Collection[UUID]) -> set[UUID]:
    """Those of the records that a reader may see."""
    return shared_access.in_sight(connection, sight, child, record_ids)


def known(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, Records]:
    """Children by their present ids, whole. Only ever of ids that were seen."""
    query = select(child).where(
        or_(child.c.child_id.in_(child_ids), child.c.survivor_id.in_(child_ids))
    )
    rows = connection.execute(query.order_by(child.c.child_id)).all()
    return {records.child_id: records for records in _records(connection, rows)}


def save(
    connection: Connection, before: Iterable[Records], after: Iterable[Records], now: datetime
) -> None:
    """Store what became of children: every record that is new or changed, by itself or through
    another.

    Raises:
        NumberTakenError: one of the new identifiers belongs to another child already.
    """
    stored = {record.child_id: (record, records) for records in before for record in records}
    for records in after:
        for record in records:
            wanted = _columns(record, records.access)
            if record.child_id not in stored:
                row = {"child_id": record.child_id, "created_at": now, **wanted}
                connection.execute(insert(child).values(**row))
                _give(connection, record.child_id, record.identifiers)
                write_facts(connection, None, record)
                write_keys(connection, None, record)
                continue
            known, whole = stored[record.child_id]
            if wanted != _columns(known, whole.access):
                connection.execute(
                    update(child).where(child.c.child_id == record.child_id).values(**wanted)
                )
            _give(connection, record.child_id, record.identifiers - known.identifiers)
            write_facts(connection, known, record)
            write_keys(connection, known, record)


def _give(connection: Connection, child_id: UUID, identifiers: Iterable[Identifier]) -> None:
    # Sorted: two requests that bring the same numbers wait for each other in one order.
    rows = [
        {"type": identifier.type.value, "value": identifier.value, "child_id": child_id}
        for identifier in sorted(identifiers)
    ]
    if not rows:
        return
    given = connection.execute(
        upserting(connection, child_identifier)
        .values(rows)
        .on_conflict_do_nothing()
        .returning(child_identifier.c.value)
    )
    if len(given.all()) < len(rows):
        raise NumberTakenError


def _columns(record: Child, access: AccessFacts) -> dict[str, Any]:
    """A row: the record's own, and beside it who may see the child."""
    details, own = record.details, record.access
    return {
        "given_name": details.given_name,
        "family_name": details.family_name,
        "date_of_birth": details.date_of_birth,
        "date_of_birth_estimated": details.date_of_birth_estimated,
        "expected_on": details.expected_on,
        "sex": details.sex,
        "ethnicity": details.ethnicity,
        "ethnicity_source": details.ethnicity_source,
        "ethnicity_stated_on": details.ethnicity_stated_on,
        "disabilities": None
        if details.disabilities is None
        else sorted(each.value for each in details.disabilities),
        "team": access.team,
        "restricted": access.restricted,
        "staff_relative": access.staff_relative,
        "own_team": own.team,
        "own_restricted": own.restricted,
        "own_staff_relative": own.staff_relative,
        "merged_into": record.merged_into,
        "survivor_id": record.survivor_id,
        "revision": record.revision,
    }


def _records(connection: Connection, rows: Sequence[Row[Any]]) -> list[Records]:
    """Children out of the rows of all their records, sorted by id."""
    merged: dict[UUID, list[Child]] = defaultdict(list)
    survivors = []
    for record in _children(connection, rows):
        if record.survivor_id is None:
            survivors.append(record)
        else:
            merged[record.survivor_id].append(record)
    return [Records(each, tuple(merged[each.child_id])) for each in survivors]


def _children(connection: Connection, rows: Sequence[Row[Any]]) -> list[Child]:
    facts = facts_of(connection, [row.child_id for row in rows])
    return [_child(row, facts[row.child_id]) for row in rows]


def _child(row: Row[Any], facts: Facts) -> Child:
    return Child(
        row.child_id,
        frozenset(facts.identifiers),
        Details(
            row.given_name,
            row.family_name,
            row.date_of_birth,
            row.date_of_birth_estimated,
            row.expected_on,
            None if row.sex is None else Sex(row.sex),
            None if row.ethnicity is None else Ethnicity(row.ethnicity),
            None if row.ethnicity_source is None else EthnicitySource(row.ethnicity_source),
            row.ethnicity_stated_on,
            None
            if row.disabilities is None
            else frozenset(Disability(each) for each in row.disabilities),
        ),
        AccessFacts(row.own_team, row.own_restricted, row.own_staff_relative),
        row.merged_into,
        row.survivor_id,
        {number: dates for number, dates in facts.identifiers.items() if dates != Dates()},
        tuple(facts.names),
        tuple(facts.looked_after),
        row.revision,
    )
