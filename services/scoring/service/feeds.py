"""Feeds that speak and feeds that fall silent: noted when it happens, and an input of scores."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection

from services.scoring.domain.evidence import Evidence
from services.scoring.domain.feeds import Range, State, Turn, gaps, stale_agencies, state_at
from services.scoring.domain.model import Model
from services.scoring.store.feeds import (
    Source,
    TurnAt,
    add_sources,
    add_turn,
    all_sources,
    all_turns,
    count_received,
    lock_source,
    note_heard,
    note_heartbeat,
    note_sequences,
    ranges_of,
    source_of,
    turns_of,
)
from shared.clock import Clock
from shared.contracts.caller import Caller
from shared.contracts.events import FEED_RECOVERED, FEED_SILENT, FEED_STARTED
from shared.domain.errors import ForbiddenError, NotFoundError
from shared.domain.london import london_date
from shared.storage.writing import Database, Writing

log = logging.getLogger("amber.feeds")

MOST_GAPS = 100
"""Of more, the latest are told; they are counted all the same."""
MOST_TURNS = 50


class OtherAgencyError(ForbiddenError):
    """A source has one agency, whose silence it is when the source is silent."""

    code = "other_agency"


@dataclass(frozen=True, slots=True)
class Silence:
    """After how long without a word a source counts as silent."""

    hours: int
    of_source: Mapping[str, int] = field(default_factory=dict)
    """For a source whose rhythm is another."""

    def after(self, source: str) -> timedelta:
        """The time for one source."""
        return timedelta(hours=self.of_source.get(source, self.hours))


@dataclass(slots=True)
class KnownFeeds:
    """Which feeds were silent when, as read in one transaction."""

    turns: Sequence[Turn]
    _found: dict[tuple[frozenset[str], date, int | None], frozenset[str]] = field(
        default_factory=dict
    )

    def beside(
        self, evidence: Evidence, model: Model, as_of: date, position: int | None
    ) -> Evidence:
        """The evidence, with the agencies whose silence a model may not take for a no."""
        asked = model.absences, as_of, position
        if asked not in self._found:
            self._found[asked] = stale_agencies(self.turns, *asked)
        stale = self._found[asked]
        return evidence if stale == evidence.stale else replace(evidence, stale=stale)


def known_feeds(connection: Connection) -> KnownFeeds:
    """What is known of feeds. One query."""
    return KnownFeeds(all_turns(connection))


def meet(
    transaction: Writing,
    agency: str,
    sources: Collection[str],
    silence: Silence,
    speaking: Collection[str],
) -> None:
    """An agency's sender is there, for all its sources: one that says nothing is silent from its
    first word on, so that nobody takes the agency for fresh. One query where all are known."""
    for name in add_sources(transaction.connection, sources, agency):
        if name not in speaking:
            _decide(transaction, Source(name, agency), silence)


def own_source(connection: Connection, name: str, agency: str) -> Source:
    """An agency's source, locked; it is known. Raises `OtherAgencyError` where it is another's."""
    found = lock_source(connection, name)
    if found.agency != agency:
        raise OtherAgencyError("This source is another agency's: name one of your own.")
    return found


def hear(
    transaction: Writing,
    before: Source,
    silence: Silence,
    observed: Sequence[date],
    numbers: Sequence[int],
) -> None:
    """A source has sent something. Its row is locked."""
    connection = transaction.connection
    note_heard(connection, before, transaction.now, max(observed, default=None))
    note_sequences(connection, before.source, numbers)
    _speaks(transaction, before, silence)


def heartbeat(
    transaction: Writing, caller: Caller, silence: Silence, name: str, announced: int | None
) -> Source:
    """A source says that it is there, and how far it has sent.

    Raises:
        ForbiddenError: the source isn't one of the caller's, or is another agency's.
    """
    if not caller.agency or name not in caller.sources:
        raise ForbiddenError("Name one of your own sources.")
    meet(transaction, caller.agency, caller.sources, silence, {name})
    before = own_source(transaction.connection, name, caller.agency)
    note_heartbeat(transaction.connection, before, transaction.now, announced)
    _speaks(transaction, before, silence)
    return _present(source_of(transaction.connection, name))


def watch(database: Database, silence: Silence, clock: Clock) -> list[str]:
    """Decide of every source whether it has fallen silent. Returns those that have turned."""
    now = clock()
    with database.reading() as connection:
        sources = all_sources(connection)
    waiting = [each.source for each in sources if _has_turned(each, silence, now)]
    for name in waiting:
        with database.writing(clock) as transaction:
            # Locked and looked at again: it may have spoken meanwhile, or another process noticed.
            source = lock_source(transaction.connection, name)
            if _has_turned(source, silence, transaction.now):
                _decide(transaction, source, silence)
    return waiting


@dataclass(frozen=True, slots=True)
class FeedStatus:
    """What a sender needs to prove that it sent everything, and a reader to trust a silence."""

    source: Source
    silent_after: timedelta
    last_sequence: int | None
    missing: int
    gaps: Sequence[Range]
    """The latest of them."""
    turns: Sequence[TurnAt]


def read_feeds(connection: Connection, caller: Caller) -> list[Source]:
    """The sources that a caller may see: a feed its own, everybody else all."""
    return [each for each in all_sources(connection) if _may_see(caller, each.source)]


def read_feed(connection: Connection, caller: Caller, silence: Silence, name: str) -> FeedStatus:
    """One source. Raises `NotFoundError`: absent, or another feed's."""
    source = source_of(connection, name) if _may_see(caller, name) else None
    found = _present(source)
    received = sorted(ranges_of(connection, name, MOST_GAPS + 1))
    last, announced = received[-1].last if received else None, found.announced_sequence
    behind = 0
    if len(received) > MOST_GAPS:  # There may be more before them.
        behind = received.pop(0).last
    return FeedStatus(
        source=found,
        silent_after=silence.after(name),
        last_sequence=last,
        missing=max(last or 0, announced or 0) - count_received(connection, name),
        gaps=gaps(received, announced, behind)[-MOST_GAPS:],
        turns=turns_of(connection, name, MOST_TURNS),
    )


def _may_see(caller: Caller, name: str) -> bool:
    return not caller.sources or name in caller.sources


def _present(source: Source | None) -> Source:
    if source is None:
        raise NotFoundError("No source of that name, or none that you may see.")
    return source


def _has_turned(source: Source, silence: Silence, now: datetime) -> bool:
    decided = state_at(source.last_heard_at, silence.after(source.source), now)
    # Only a word ends a silence; time alone can but begin one.
    return source.state is None or (source.state is State.FRESH and decided is State.SILENT)


def _speaks(transaction: Writing, before: Source, silence: Silence) -> None:
    if before.last_heard_at is not None and _has_turned(before, silence, transaction.now):
        # It speaks again before the watch has looked: it was silent until now all the same.
        before = _decide(transaction, before, silence)
    if before.state is not State.FRESH:
        _turn(transaction, before, State.FRESH, transaction.now)


def _decide(transaction: Writing, source: Source, silence: Silence) -> Source:
    after = silence.after(source.source)
    state = state_at(source.last_heard_at, after, transaction.now)
    at = source.last_heard_at or transaction.now
    if state is State.SILENT and source.last_heard_at is not None:
        at = source.last_heard_at + after
    if state is State.SILENT:
        log.warning("the feed %s is silent", source.source)
    _turn(transaction, source, state, at)
    return replace(source, state=state)


def _turn(transaction: Writing, source: Source, state: State, at: datetime) -> None:
    kind = FEED_SILENT
    if state is State.FRESH:
        spoke = source.state is not None and source.last_heard_at is not None
        kind = FEED_RECOVERED if spoke else FEED_STARTED
    turn = TurnAt(state, at, london_date(at))
    told = {
        "source": source.source,
        "agency": source.agency,
        "at": at.astimezone(UTC).isoformat(),
        "on": turn.on.isoformat(),
    }
    add_turn(transaction.connection, source.source, turn, transaction.record(kind, told))
