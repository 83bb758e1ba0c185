"""Statements whose numbers lead to another child, or several: they count for nobody meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Table,
    and_,
    insert,
    select,
    tuple_,
    update,
)

from services.scoring.store.children import carried
from services.scoring.store.handling import Key
from services.scoring.store.merging import counted_as
from services.scoring.store.observations import NewObservation
from services.scoring.store.receipts import AT_ONCE, awaited_identifiers
from services.scoring.tables import contest, merged_child, named_identifier, observation

_KEY = ("source", "source_ref", "revision")


def keep_numbers(connection: Connection, recorded: Iterable[NewObservation]) -> None:
    """Keep the numbers of statements that were recorded under several. One statement."""
    rows = [
        {"type": kind, "value": value, **{name: getattr(new.update, name) for name in _KEY}}
        for new in recorded
        if len(new.update.identifiers) > 1
        for kind, value in awaited_identifiers(new.update)
    ]
    if rows:
        connection.execute(insert(named_identifier), rows)


def numbers_beside(
    connection: Connection, numbers: Collection[tuple[str, str]]
) -> dict[Key, set[tuple[str, str]]]:
    """The statements that were recorded under any of some numbers, with all of theirs. One query,
    whatever the number."""
    if not numbers:
        return {}
    beside = named_identifier.alias("beside")
    rows = connection.execute(
        select(*(beside.c[name] for name in _KEY), beside.c.type, beside.c.value)
        .join(named_identifier, _same_statement(named_identifier, beside))
        .where(*carried(named_identifier, numbers))
    )
    found: dict[Key, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        found[Key(row.source, row.source_ref, row.revision)].add((row.type, row.value))
    return found


def contested(connection: Connection, keys: Collection[Key]) -> set[Key]:
    """Those of some statements that are contested now."""
    found: set[Key] = set()
    for some in _parts(keys):
        rows = connection.execute(
            select(*(contest.c[name] for name in _KEY)).where(
                _is_one_of(contest, some), contest.c.ended_entry_id.is_(None)
            )
        )
        found |= {Key(*row) for row in rows}
    return found


def begin_contests(connection: Connection, keys: Collection[Key], entry_id: UUID) -> None:
    """From an entry of the journal on, these statements count for nobody."""
    if keys:
        rows = [{**key._asdict(), "entry_id": entry_id} for key in sorted(keys)]
        connection.execute(insert(contest), rows)


def end_contests(connection: Connection, keys: Collection[Key], entry_id: UUID) -> None:
    """From an entry of the journal on, these statements count again."""
    for some in _parts(keys):
        connection.execute(
            update(contest)
            .where(_is_one_of(contest, some), contest.c.ended_entry_id.is_(None))
            .values(ended_entry_id=entry_id)
        )


def children_behind(connection: Connection, keys: Collection[Key]) -> dict[Key, UUID]:
    """The child that each of some statements counts for, or would count for."""
    found: dict[Key, UUID] = {}
    for some in _parts(keys):
        record = observation.c.child_id
        rows = connection.execute(
            select(*(observation.c[name] for name in _KEY), counted_as(record))
            .outerjoin_from(observation, merged_child, merged_child.c.child_id == record)
            .where(_is_one_of(observation, some))
        )
        found |= {Key(*key): child_id for *key, child_id in rows}
    return found


def _same_statement(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(*(one.c[name] == other.c[name] for name in _KEY))


def _is_one_of(table: Table, keys: Collection[Key]) -> ColumnElement[bool]:
    return tuple_(*(table.c[name] for name in _KEY)).in_(keys)


def _parts(keys: Collection[Key]) -> Iterable[list[Key]]:
    ordered = sorted(keys)
    return (ordered[first : first + AT_ONCE] for first in range(0, len(ordered), AT_ONCE))
