"""Children: rows <-> domain."""

from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, tuple_, update

from services.referrals.domain.child import Child, Details, Identifier
from services.referrals.domain.codes import Ethnicity, Sex
from services.referrals.tables import child, child_identifier
from shared.access import seen_by
from shared.domain.access import AccessFacts, Sight
from shared.domain.identifiers import IdentifierType
from shared.storage.upsert import upserting


class NumberTakenError(Exception):
    """Another request gave one of the numbers to a child since we looked."""


def ids_with(connection: Connection, identifiers: Collection[Identifier]) -> set[UUID]:
    """The children that have any of the identifiers."""
    numbers = [(identifier.type.value, identifier.value) for identifier in identifiers]
    found = connection.execute(
        select(child_identifier.c.child_id).where(
            tuple_(child_identifier.c.type, child_identifier.c.value).in_(numbers)
        )
    )
    return set(found.scalars())


def locked(connection: Connection, child_id: UUID) -> Child:
    """A child that is there, its row locked until the transaction ends."""
    row = connection.execute(select(child).where(child.c.child_id == child_id).with_for_update())
    return _child(connection, row.one())


def seen(connection: Connection, child_id: UUID, sight: Sight) -> Child | None:
    """A child, unless absent or out of sight."""
    row = connection.execute(
        select(child).where(child.c.child_id == child_id, seen_by(sight, child))
    ).one_or_none()
    return None if row is None else _child(connection, row)


def add(connection: Connection, new: Child, now: datetime) -> None:
    """Store a new child.

    Raises:
        NumberTakenError: one of the identifiers belongs to a child already.
    """
    connection.execute(
        insert(child).values(
            child_id=new.child_id,
            created_at=now,
            team=new.access.team,
            restricted=new.access.restricted,
            staff_relative=new.access.staff_relative,
            **_columns(new.details),
        )
    )
    _give(connection, new.child_id, new.identifiers)


def save(connection: Connection, before: Child, after: Child) -> None:
    """Store what became known of a child.

    Raises:
        NumberTakenError: one of the new identifiers belongs to another child already.
    """
    if (after.details, after.access) != (before.details, before.access):
        connection.execute(
            update(child)
            .where(child.c.child_id == after.child_id)
            .values(**_columns(after.details), **asdict(after.access))
        )
    _give(connection, after.child_id, after.identifiers - before.identifiers)


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


def _columns(details: Details) -> dict[str, Any]:
    return {
        "given_name": details.given_name,
        "family_name": details.family_name,
        "date_of_birth": details.date_of_birth,
        "date_of_birth_estimated": details.date_of_birth_estimated,
        "expected_on": details.expected_on,
        "sex": details.sex,
        "ethnicity": details.ethnicity,
    }


def _child(connection: Connection, row: Row[Any]) -> Child:
    numbers = connection.execute(
        select(child_identifier.c.type, child_identifier.c.value).where(
            child_identifier.c.child_id == row.child_id
        )
    )
    return Child(
        row.child_id,
        frozenset(Identifier(IdentifierType(number.type), number.value) for number in numbers),
        Details(
            row.given_name,
            row.family_name,
            row.date_of_birth,
            row.date_of_birth_estimated,
            row.expected_on,
            None if row.sex is None else Sex(row.sex),
            None if row.ethnicity is None else Ethnicity(row.ethnicity),
        ),
        AccessFacts(row.team, row.restricted, row.staff_relative),
    )
