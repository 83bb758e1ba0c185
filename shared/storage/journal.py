"""The journal: a service's one ordered, hash-chained record of everything that changed.

It is at once the order of events (nothing commits behind a reader's cursor, because the last
statements of every writing transaction lock the head row), the audit chain, and known time. The
chain covers digests; payloads lie beside them with a salt, so that erasing personal data leaves
digest and chain whole, and nobody can guess the erased payload from its digest.
"""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    MetaData,
    Row,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    insert,
    select,
    update,
)

from shared.clock import Clock
from shared.domain.canonical import Json, canonical_bytes, digest
from shared.ids import new_id
from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

GENESIS = "0" * 64
"""The hash before the first entry."""


@dataclass(frozen=True)
class JournalTables:
    """The three tables of a journal, in the metadata of the service that owns them."""

    head: Table
    entries: Table
    payloads: Table


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that changed, before it has its place in the chain."""

    kind: str
    payload: Json
    child_id: UUID | None = None
    entry_id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as read back. `payload` is None once it has been erased."""

    position: int
    entry_id: UUID
    kind: str
    recorded_at: datetime
    payload: Any


ANY_EPOCH = ""
"""Of somebody who has heard nothing yet."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a journal stands, or stood. `epoch` changes when a database is restored."""

    epoch: str
    position: int


def journal_tables(metadata: MetaData) -> JournalTables:
    """Declare the journal's tables in a service's metadata."""
    head = Table(
        "journal_head",
        metadata,
        Column("id", SmallInteger, CheckConstraint("id = 1", name="one_head"), primary_key=True),
        Column("epoch", String(36), nullable=False),
        Column("position", BigInteger, nullable=False),
        Column("hash", String(64), nullable=False),
        Column("recorded_at", UtcDateTime, nullable=False),
    )
    entries = Table(
        "journal",
        metadata,
        Column("position", BigInteger, primary_key=True, autoincrement=False),
        Column("entry_id", Uuid, nullable=False, unique=True),
        Column("kind", String(60), nullable=False),
        Column("child_id", Uuid, nullable=True, index=True),
        Column("recorded_at", UtcDateTime, nullable=False, index=True),
        Column("digest", String(64), nullable=False),
        Column("previous_hash", String(64), nullable=False, unique=True),
        Column("hash", String(64), nullable=False, unique=True),
    )
    payloads = Table(
        "journal_payload",
        metadata,
        Column("position", BigInteger, ForeignKey("journal.position"), primary_key=True),
        Column("salt", String(32), nullable=False),
        Column("payload", Text, nullable=False),
    )
    return JournalTables(head, entries, payloads)


def start_journal(connection: Connection) -> None:
    """Write the head row of an empty journal and make its entries unchangeable. For migrations."""
    head = journal_tables(MetaData()).head
    connection.execute(
        insert(head).values(
            id=1,
            epoch=str(new_id()),
            position=0,
            hash=GENESIS,
            recorded_at=datetime(1970, 1, 1, tzinfo=UTC),
        )
    )
    forbid_changes(connection, "journal")


def lock_head(connection: Connection, tables: JournalTables) -> Row[int, str, datetime]:
    """The head of the journal; nobody else appends until this transaction ends."""
    return connection.execute(
        select(tables.head.c.position, tables.head.c.hash, tables.head.c.recorded_at)
        .where(tables.head.c.id == 1)
        .with_for_update()
    ).one()


def append(
    connection: Connection, tables: JournalTables, entries: Sequence[Entry], clock: Clock
) -> int:
    """Chain entries on from the head; the last statements of a writing transaction.

    The clock is read once the head is locked: an entry never gets a moment at which somebody could
    have asked, and been answered without it, while its transaction waited (ADR 0002).

    Returns the position of the last entry (the head's own if there are none).
    """
    head = lock_head(connection, tables)
    if not entries:
        return int(head.position)
    recorded_at = max(head.recorded_at + timedelta(microseconds=1), clock())
    rows, payloads = [], []
    position, previous = head.position, head.hash
    for entry in entries:
        position += 1
        salt, payload = secrets.token_hex(16), canonical_bytes(entry.payload)
        row = {
            "position": position,
            "entry_id": entry.entry_id,
            "kind": entry.kind,
            "child_id": entry.child_id,
            "recorded_at": recorded_at,
            "digest": digest(bytes.fromhex(salt) + payload),
            "previous_hash": previous,
        }
        previous = row["hash"] = chain_hash(row)
        rows.append(row)
        payloads.append({"position": position, "salt": salt, "payload": payload.decode()})
    connection.execute(insert(tables.entries), rows)
    connection.execute(insert(tables.payloads), payloads)
    connection.execute(
        update(tables.head)
        .where(tables.head.c.id == 1)
        .values(position=position, hash=previous, recorded_at=recorded_at)
    )
    return int(position)


def chain_hash(row: Any) -> str:  # noqa: ANN401  # a mapping: one row, written or read back
    """The hash of an entry: over its place, moment, kind and digest, and the hash before it."""
    return digest(
        canonical_bytes(
            {
                "position": row["position"],
                "entry_id": str(row["entry_id"]),
                "kind": row["kind"],
                "child_id": None if row["child_id"] is None else str(row["child_id"]),
                "recorded_at": row["recorded_at"]
                .astimezone(UTC)
                .isoformat(timespec="microseconds"),
                "digest": row["digest"],
                "previous_hash": row["previous_hash"],
            }
        )
    )


def head_of(connection: Connection, tables: JournalTables) -> Head:
    """Where the journal stands in this transaction."""
    row = connection.execute(select(tables.head.c.epoch, tables.head.c.position)).one()
    return Head(row.epoch, row.position)


def entries_after(
    connection: Connection,
    tables: JournalTables,
    after: int,
    kinds: Sequence[str],
    limit: int,
) -> list[Recorded]:
    """Entries of the given kinds behind a position, in order, at most `limit`."""
    rows = connection.execute(
        select(
            tables.entries.c.position,
            tables.entries.c.entry_id,
            tables.entries.c.kind,
            tables.entries.c.recorded_at,
            tables.payloads.c.payload,
        )
        .outerjoin(tables.payloads, tables.payloads.c.position == tables.entries.c.position)
        .where(tables.entries.c.position > after, tables.entries.c.kind.in_(kinds))
        .order_by(tables.entries.c.position)
        .limit(limit)
    )
    return [
        Recorded(
            row.position,
            row.entry_id,
            row.kind,
            row.recorded_at,
            None if row.payload is None else json.loads(row.payload),
        )
        for row in rows
    ]
