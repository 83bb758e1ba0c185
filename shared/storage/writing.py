"""One writing transaction: its connection, its moment, and what it will say in the journal."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, FromClause

from shared.clock import Clock
from shared.domain.canonical import Json
from shared.ids import new_id
from shared.storage.database import reading, write_transaction
from shared.storage.journal import Entry, JournalTables, append, lock_head


@dataclass(slots=True)
class Writing:
    """A transaction under way. Facts refer to the journal entry that they become known with."""

    connection: Connection
    journal: JournalTables
    clock: Clock
    now: datetime
    """When it began. What it says in the journal is known from the moment that the clock shows once
    nobody else can append: a transaction may have waited for others that began later."""
    _entries: list[Entry] = field(default_factory=list)

    def record(
        self,
        kind: str,
        payload: Json,
        child_id: UUID | None = None,
        entry_id: UUID | None = None,
    ) -> UUID:
        """Say what changed. Returns the entry's id; its position is known at the end.

        `entry_id` is given where rows had to refer to the entry before it could be told.
        """
        entry = Entry(kind, payload, child_id, entry_id or new_id())
        self._entries.append(entry)
        return entry.entry_id

    def alone(self) -> None:
        """Let nobody else append to the journal until this transaction ends, and begin from here:
        what others did is seen, and nobody was answered at `now` without what is decided now. Only
        for what is seldom decided, as all other writers wait meanwhile; before every other lock."""
        lock_head(self.connection, self.journal)
        self.now = self.clock()

    def close_journal(self) -> int:
        """Append what was recorded. Returns the journal's position after it."""
        position = append(self.connection, self.journal, self._entries, self.clock)
        self._entries.clear()
        return position


def _none_parted(
    _connection: Connection, _child_ids: Collection[UUID], _position: int
) -> set[UUID]:
    """Where records of children are never parted, or nothing is told of one with another."""
    return set()


@dataclass(frozen=True, slots=True)
class Database:
    """A service's own database: the engine and the journal in it."""

    engine: Engine
    journal: JournalTables
    children: FromClause | None = None
    """Rows that say who may see a child; None where no children are known."""
    parted_since: Callable[[Connection, Collection[UUID], int], set[UUID]] = _none_parted
    """Records that were parted from children behind a position of the journal."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read transaction that sees one moment throughout."""
        with reading(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self, clock: Clock) -> Iterator[Writing]:
        """A writing transaction; the journal comes last, then the commit."""
        with write_transaction(self.engine) as connection:
            transaction = Writing(connection, self.journal, clock, clock())
            yield transaction
            transaction.close_journal()
