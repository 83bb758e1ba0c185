"""Sources: when each was last heard, which numbers came in, and its turns."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, case, delete, func, insert, select, update

from services.scoring.domain.feeds import Range, State, Turn, merged
from services.scoring.tables import feed_turn, journal, sequence_range, source
from shared.storage.upsert import upserting


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a source now."""

    source: str
    agency: str
    state: State | None = None
    """None: not yet decided."""
    last_heard_at: datetime | None = None
    """None: it never spoke."""
    heartbeat_at: datetime | None = None
    announced_sequence: int | None = None
    last_observed_on: date | None = None


@dataclass(frozen=True, slots=True)
class TurnAt:
    """A turn of a source, with its instant."""

    state: State
    at: datetime
    on: date


_SOURCE = (
    source.c.source,
    source.c.agency,
    source.c.state,
    source.c.last_heard_at,
    source.c.heartbeat_at,
    source.c.announced_sequence,
    source.c.last_observed_on,
)


def add_sources(connection: Connection, names: Collection[str], agency: str) -> list[str]:
    """Make an agency's sources known, each once. Returns those that were not, in order; they are
    locked. One statement, whatever the number."""
    rows = [{"source": name, "agency": agency} for name in sorted(names)]
    # In order, and before a source is locked: two senders can't wait for each other.
    added = upserting(connection, source).on_conflict_do_nothing().returning(source.c.source)
    return sorted(connection.scalars(added, rows))


def lock_source(connection: Connection, name: str) -> Source:
    """Take a source's updates one request after another, so that its revisions can't race. It is
    known."""
    return _source(
        connection.execute(select(*_SOURCE).where(source.c.source == name).with_for_update()).one()
    )


def all_sources(connection: Connection) -> list[Source]:
    """Every source that is known; there are as many as agencies have systems."""
    return [_source(row) for row in connection.execute(select(*_SOURCE).order_by(source.c.source))]


def source_of(connection: Connection, name: str) -> Source | None:
    """A source by its name."""
    row = connection.execute(select(*_SOURCE).where(source.c.source == name)).one_or_none()
    return None if row is None else _source(row)


def note_heard(
    connection: Connection, before: Source, now: datetime, last_observed_on: date | None
) -> None:
    """The source has spoken. Its row is locked."""
    days = [day for day in (before.last_observed_on, last_observed_on) if day is not None]
    connection.execute(
        update(source)
        .where(source.c.source == before.source)
        .values(last_heard_at=now, last_observed_on=max(days, default=None))
    )


def note_heartbeat(
    connection: Connection, before: Source, now: datetime, announced: int | None
) -> None:
    """The source has said that it is there, and how far it has sent. Its row is locked."""
    said = [each for each in (before.announced_sequence, announced) if each is not None]
    connection.execute(
        update(source)
        .where(source.c.source == before.source)
        # The highest: a heartbeat that was on its way for longer takes nothing back.
        .values(last_heard_at=now, heartbeat_at=now, announced_sequence=max(said, default=None))
    )


def add_turn(connection: Connection, name: str, turn: TurnAt, entry_id: UUID) -> None:
    """A source has turned, which is known from the journal's entry on. Its row is locked."""
    connection.execute(
        insert(feed_turn).values(
            entry_id=entry_id, source=name, state=turn.state, at=turn.at, on_day=turn.on
        )
    )
    connection.execute(update(source).where(source.c.source == name).values(state=turn.state))


_POSITION = (
    select(journal.entries.c.position)
    .where(journal.entries.c.entry_id == feed_turn.c.entry_id)
    .scalar_subquery()
)
"""Where a turn stands in the journal. Not by a join: SQLite would take the whole journal in its
order, and look for a turn beside each entry."""


def all_turns(connection: Connection) -> list[Turn]:
    """Every turn of every source, in the order in which they became known. One query."""
    rows = connection.execute(
        select(
            feed_turn.c.source,
            source.c.agency,
            feed_turn.c.state,
            feed_turn.c.on_day,
            _POSITION.label("position"),
        )
        .join(source, source.c.source == feed_turn.c.source)
        .order_by("position")
    )
    return [Turn(row[0], row[1], State(row[2]), *row[3:]) for row in rows]


def turns_of(connection: Connection, name: str, limit: int) -> list[TurnAt]:
    """The latest turns of a source, the last one first."""
    rows = connection.execute(
        select(feed_turn.c.state, feed_turn.c.at, feed_turn.c.on_day)
        .where(feed_turn.c.source == name)
        .order_by(_POSITION.desc())
        .limit(limit)
    )
    return [TurnAt(State(row[0]), *row[1:]) for row in rows]


def last_turn_position(connection: Connection) -> int:
    """The place in the journal of the last turn of any source; 0 where there is none."""
    return connection.scalar(select(func.max(_POSITION)).select_from(feed_turn)) or 0


def note_sequences(connection: Connection, name: str, numbers: Collection[int]) -> None:
    """Keep the numbers received. Three statements, whatever the number; the source is locked."""
    if not numbers:
        return
    new = merged(Range(number, number) for number in numbers)
    touching = (
        sequence_range.c.source == name,
        sequence_range.c.first <= new[-1].last + 1,
        sequence_range.c.last >= new[0].first - 1,
    )
    rows = connection.execute(
        select(sequence_range.c.first, sequence_range.c.last).where(*touching)
    )
    before = [Range(*row) for row in rows]
    after = merged([*before, *new])
    if after == before:
        return
    connection.execute(delete(sequence_range).where(*touching))
    connection.execute(
        insert(sequence_range),
        [{"source": name, "first": each.first, "last": each.last} for each in after],
    )


def ranges_of(connection: Connection, name: str, limit: int) -> list[Range]:
    """The ranges of numbers received, from the highest down."""
    rows = connection.execute(
        select(sequence_range.c.first, sequence_range.c.last)
        .where(sequence_range.c.source == name)
        .order_by(sequence_range.c.first.desc())
        .limit(limit)
    )
    return [Range(*row) for row in rows]


def count_received(connection: Connection, name: str) -> int:
    """How many numbers from 1 on were received."""
    ranges = sequence_range.c
    first = case((ranges.first < 1, 1), else_=ranges.first)
    received = select(func.sum(ranges.last - first + 1)).where(ranges.source == name)
    return int(connection.scalar(received) or 0)


def _source(row: Any) -> Source:  # noqa: ANN401  # a row of these columns
    state = None if row.state is None else State(row.state)
    return Source(**{**row._mapping, "state": state})  # SQLAlchemy's public name for the columns
