"""Whether a feed speaks or is silent, and whose silence may not be taken for a no. DESIGN 4 and 6.

Silence is not safety: an agency counts as fresh only while every source of it is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """What a source is from a turn on."""

    FRESH = "fresh"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Turn:
    """A source fell silent, or spoke (again): the beginning of an interval.

    `on` is the day in London from which it holds;
    `position` is the place in the journal from which it is known.
    """

    source: str
    agency: str
    state: State
    on: date
    position: int


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Consecutive numbers, both ends included."""

    first: int
    last: int


def state_at(last_heard_at: datetime | None, silent_after: timedelta, now: datetime) -> State:
    """What a source is at an instant: silent once nothing was heard for as long as configured."""
    if last_heard_at is None or now - last_heard_at >= silent_after:
        return State.SILENT
    return State.FRESH


def stale_agencies(
    turns: Iterable[Turn], leaning: Collection[str], as_of: date, position: int | None
) -> frozenset[str]:
    """The agencies whose feed is not fresh on a day, as known at a position (None: known now).

    `leaning` are those from whose silence a model concludes something: one that was never heard
    by that day is not fresh. `turns` come in the order of their positions.
    """
    latest: dict[str, Turn] = {}
    for turn in turns:
        if turn.on <= as_of and (position is None or turn.position <= position):
            latest[turn.source] = turn
    heard = {turn.agency for turn in latest.values()}
    silent = {turn.agency for turn in latest.values() if turn.state is State.SILENT}
    return frozenset(silent | (set(leaning) - heard))


def merged(ranges: Iterable[Range]) -> list[Range]:
    """The same numbers in as few ranges as there can be, in order."""
    found: list[Range] = []
    for one in sorted(ranges):
        if found and one.first <= found[-1].last + 1:
            found[-1] = Range(found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return found


def gaps(received: Sequence[Range], announced: int | None, behind: int = 0) -> list[Range]:
    """Numbers behind `behind` that were never received: before, between and behind the ranges in
    order, up to the last number that the source says it has sent. Numbering starts at 1."""
    found = []
    for each in received:
        if each.first > behind + 1:
            found.append(Range(behind + 1, each.first - 1))
        behind = each.last
    if announced is not None and announced > behind:
        found.append(Range(behind + 1, announced))
    return found
