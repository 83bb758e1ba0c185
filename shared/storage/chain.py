"""Walking a journal's chain: is every entry there, unchanged, in its place?"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, String, select, type_coerce

from shared.domain.canonical import digest
from shared.domain.checkpoints import ChainHead
from shared.storage.journal import GENESIS, JournalTables, chain_hash

T = TypeVar("T")

JOURNAL = "journal"
"""The name of a journal's chain in checkpoints."""

UNREADABLE = (ValueError, TypeError, AttributeError)
"""What reading a value raises that isn't of its column's kind any more."""


def faults(connection: Connection, tables: JournalTables) -> Iterator[str]:
    """Walk the whole chain; yield a sentence for each break in it. Nothing yielded: it is whole."""
    previous, position = GENESIS, 0
    rows = connection.execute(
        select(*as_stored(tables.entries.c), tables.payloads.c.salt, tables.payloads.c.payload)
        .outerjoin(tables.payloads, tables.payloads.c.position == tables.entries.c.position)
        .order_by(tables.entries.c.position)
        .execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        position += 1
        if row["position"] != position:
            yield f"position {position} is missing"
            position = numbered(row, position)
        if row["previous_hash"] != previous:
            yield f"position {position} does not follow from the entry before it"
        yield from _faults_within(row, position)
        previous = row["hash"]
    head = connection.execute(select(tables.head.c.position, tables.head.c.hash)).one_or_none()
    if head is None:
        yield f"the chain ends at position {position}, its head is missing"
    elif (head.position, head.hash) != (position, previous):
        yield f"the chain ends at position {position}, its head says {head.position}"


def hash_at(connection: Connection, tables: JournalTables, position: int) -> str | None:
    """The hash of the entry at a position; None where there is none."""
    return connection.scalar(
        select(tables.entries.c.hash).where(tables.entries.c.position == position)
    )


def chain_heads(connection: Connection, tables: JournalTables) -> list[ChainHead]:
    """Where the chain stands; nothing where its head was taken away."""
    rows = connection.execute(
        select(tables.head.c.epoch, tables.head.c.position, tables.head.c.hash)
    )
    return [ChainHead(JOURNAL, row.epoch, row.position, row.hash) for row in rows]


def _faults_within(row: Mapping[Any, Any], position: int) -> Iterator[str]:
    if row["hash"] != _hash_of(row):
        yield f"position {position} was changed after it was written"
    if row["payload"] is None:
        yield f"the payload of position {position} is missing"
    elif not _payload_agrees(row):
        yield f"the payload of position {position} was changed after it was written"


def _hash_of(row: Mapping[Any, Any]) -> str | None:
    """The hash that an entry as it is stored would have; None where it can't be read any more."""
    try:
        return chain_hash(
            {
                **row,
                "entry_id": uuid_of(row["entry_id"]),
                "child_id": None if row["child_id"] is None else uuid_of(row["child_id"]),
                "recorded_at": instant_of(row["recorded_at"]),
            }
        )
    except UNREADABLE:
        return None


def _payload_agrees(row: Mapping[Any, Any]) -> bool:
    try:
        salt = bytes.fromhex(row["salt"])
        told = salt + row["payload"].encode()
    except UNREADABLE:
        return False
    return row["salt"] == salt.hex() and bool(row["digest"] == digest(told))


# SQLite takes any value in any column: what is walked is read as it is stored, not as its kind. And
# what means the same in other letters is another text: nothing would find the row by it any more.


def as_stored(columns: Iterable[Column[Any]]) -> list[ColumnElement[Any]]:
    """Columns to select, unread: what isn't of their kind any more doesn't end the reading."""
    return [type_coerce(column, String).label(column.name) for column in columns]


def numbered(row: Mapping[Any, Any], expected: int) -> int:
    """The position of an entry as stored; the one where it was expected, if that is no number."""
    position = row["position"]
    return position if isinstance(position, int) else expected


def uuid_of(stored: Any) -> UUID:  # noqa: ANN401  # SQLite keeps text, of which any byte may differ
    """An id as stored. Raises one of `UNREADABLE`."""
    if isinstance(stored, UUID):
        return stored
    found = UUID(stored)
    return as_written(found, found.hex, stored)


def instant_of(stored: Any) -> datetime:  # noqa: ANN401  # SQLite keeps text, without a zone
    """An instant as stored. Raises one of `UNREADABLE`."""
    if isinstance(stored, datetime):
        return stored
    found = datetime.fromisoformat(stored)
    written = found.isoformat(sep=" ", timespec="microseconds")
    return as_written(found, written, stored).replace(tzinfo=UTC)


def as_written(found: T, written: str, stored: str) -> T:
    """What was read, if that is how Amber writes it. Raises `ValueError`."""
    if written != stored:
        raise ValueError("not as it was written")
    return found
