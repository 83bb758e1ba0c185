"""Evidence to points for one indicator and all children at once: `engine.weighing` in columns."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, reduce
from operator import add, or_
from typing import NamedTuple

import numpy as np

from services.scoring.domain.dates import Duration
from services.scoring.domain.model import (
    Age,
    Choice,
    Count,
    Each,
    FlagEvents,
    FlagState,
    Indicator,
    Number,
    Range,
    State,
)
from services.scoring.domain.population.columns import (
    LAST,
    NEVER,
    NO_CODE,
    ORIGIN,
    YES_CODE,
    Population,
    Rows,
    Spells,
    counted,
)
from services.scoring.domain.population.days import Flags, Ints, Shorts, Wide, before

FALSE, UNKNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)
Truths = np.ndarray[tuple[int], np.dtype[np.int8]]
"""Three-valued truth in order, so that `all` is the least of its parts and `any` the greatest."""


Points = np.ndarray[tuple[int], np.dtype[np.int8 | np.int16 | np.int32]]
"""As narrow as the points allow: memory is what a population is slow by."""


@lru_cache
def fitting(bound: int) -> type[np.int8 | np.int16 | np.int32]:
    """The narrowest that holds every number from -bound to bound."""
    return next(each for each in (np.int8, np.int16, np.int32) if bound <= np.iinfo(each).max)


Span = tuple[Duration, Duration | None]
"""From and to: ages of evidence, as of a window."""
NOW = Duration(0, "D")


class Line:
    """One indicator's column: points (0 where unknown), known, present, what its `when` says.

    Where the line is ruled out it is known and not present. Known and present are worked out when
    first asked for, as totals, and the bands of most models, do without.
    """

    def __init__(self, indicator: Indicator, answered: "Answered", gate: Truths | None) -> None:
        self.indicator = indicator
        self.gate = gate
        self.answered = answered
        self.points = answered.points if gate is None else answered.points * (gate == TRUE)

    @cached_property
    def known(self) -> Flags:
        if self.gate is None:
            return self.answered.known()
        known: Flags = (self.answered.known() & (self.gate == TRUE)) | (self.gate == FALSE)
        return known

    @property
    def truth(self) -> Truths:
        """Whether it is present."""
        present = self.answered.present()
        return three(self.known, present if self.gate is None else present & (self.gate != FALSE))


class Answered(NamedTuple):
    """Whatever its `when`: points (0 where unknown), how to tell whether present, and known."""

    points: Points
    present: Callable[[], Flags]
    known: Callable[[], Flags]


def three(known: Flags, true: Flags) -> Truths:
    """Not known is 1, a known yes twice as much."""
    return (~known).view(np.int8) + (known & true).view(np.int8) * TRUE


class View:
    """A population as of a day, or of a day for each child.

    With `doubts` a floor that may yet fire is told from one that won't.
    """

    def __init__(
        self, population: Population, as_of: Ints | np.int32, ages: Ints, *, doubts: bool
    ) -> None:
        self.population = population
        self.doubts = doubts
        self.as_of = as_of
        self.earliest, self.latest = np.min(as_of), np.max(as_of)
        self.ages = ages
        self.cuts: dict[Duration, Ints] = {}
        self.counted_cuts: dict[Duration, Shorts] = {}
        self.happened: dict[str, Rows] = {}

    def cut(self, duration: Duration) -> Ints:
        """The day, for each child or for all, at and before which evidence is too old."""
        if duration not in self.cuts:
            self.cuts[duration] = before(np.asarray(self.as_of), duration)
        return self.cuts[duration]

    def counted_cut(self, duration: Duration) -> Shorts:
        """The same day, as spells count days."""
        if duration not in self.counted_cuts:
            self.counted_cuts[duration] = counted(self.cut(duration))
        return self.counted_cuts[duration]

    def begun(self, rows: Rows) -> Rows:
        """Those that have begun by as_of, cut there."""
        today = at(self.as_of, rows.child)
        kept = rows.pick(np.flatnonzero(rows.begins <= today))
        return replace(kept, ends=np.minimum(kept.ends, at(self.as_of, kept.child)))

    def events(self, code: str) -> Rows:
        """The yeses that have begun, one an event, as `Seen.events`."""
        if code not in self.happened:
            self.happened[code] = one_an_event(self.begun(self.population.tables[code].said[1]))
        return self.happened[code]

    def hits(self, code: str, answer: int, spans: Sequence[Span]) -> Flags:
        """The children with this answer on a day in each of the spans.

        An end beyond as_of needs no cutting here, as every `to` lies before as_of.
        """
        spell = self.population.tables[code].spells[answer]
        if spell is not None and self.latest < ORIGIN + LAST:
            return self.in_spell(spell, spans)
        if answer == YES_CODE:
            rows = self.events(code)
        else:
            rows = self.population.tables[code].said[answer]
        inside = all_of(self.rows_in(rows, spans))
        found = np.zeros(self.population.size, np.bool_)
        found[rows.child[inside]] = True
        return found

    def in_spell(self, spell: Spells, spans: Sequence[Span]) -> Flags:
        found: Flags | None = None
        if spell.all_begun > self.earliest:
            found = spell.begins <= counted(self.as_of)
        for from_, to in spans:
            after = spell.ends > (NEVER if to is None else self.counted_cut(to))
            found = after if found is None else found & after
            if from_.amount:
                found &= spell.begins <= self.counted_cut(from_)
        return np.ones(self.population.size, np.bool_) if found is None else found

    def rows_in(self, rows: Rows, spans: Sequence[Span]) -> Iterator[Flags]:
        yield rows.begins <= at(self.as_of, rows.child)
        for from_, to in spans:
            if to is not None:
                yield rows.ends > at(self.cut(to), rows.child)
            if from_.amount:
                yield rows.begins <= at(self.cut(from_), rows.child)

    def fresh(self, agency: str | None) -> Flags:
        if agency is None:
            return np.zeros(self.population.size, np.bool_)
        silent = self.population.stale.get(agency)
        return np.ones(self.population.size, np.bool_) if silent is None else ~silent


def at(value: Ints | np.int32, child: Ints) -> Ints | np.int32:
    """Of each row's child, where there is a value for each child."""
    return value if np.ndim(value) == 0 else np.asarray(value)[child]


def all_of(flags: Iterator[Flags]) -> Flags:
    found = next(flags)
    for each in flags:
        found &= each
    return found


def weigh(line: Indicator, view: View, gate: Truths | None) -> Line:
    return Line(line, answered(line, view), gate)


def answered(line: Indicator, view: View) -> Answered:
    code = line.reads or ""
    match line.answer:
        case FlagEvents() as answer:
            return weigh_events(answer, code, view)
        case Count() as answer:
            return weigh_count(answer, code, view)
        case FlagState() | Choice() | Number() as answer:
            return weigh_state(answer, code, view)
        case Age(ranges):
            points = points_in(ranges, view.ages.astype(np.int64))
            return settled(points, view.population.born >= 0, points > 0)


def settled(points: Ints, known: Flags, present: Flags) -> Answered:
    """What can't be weighed without telling whether it is known."""
    return Answered(points * known, lambda: present, lambda: known)


# Events


def one_an_event(yes: Rows) -> Rows:
    order = np.lexsort((yes.rank, -yes.begins, yes.ends, yes.event))
    last = np.ones(len(order), np.bool_)
    last[:-1] = yes.event[order][1:] != yes.event[order][:-1]
    return yes.pick(order[last])


def weigh_events(answer: FlagEvents, code: str, view: View) -> Answered:
    narrow = fitting(sum(abs(window.points) for window in answer.windows))
    hits = [view.hits(code, YES_CODE, [(each.from_, each.to)]) for each in answer.windows]
    given = [
        worth(hit, narrow(window.points)) for hit, window in zip(hits, answer.windows, strict=True)
    ]

    def present() -> Flags:
        return reduce(or_, hits)

    def known() -> Flags:
        known = view.fresh(answer.absence) | present()
        for window in answer.windows:
            known |= view.hits(code, NO_CODE, [(window.from_, window.to)])
        return known

    return Answered(reduce(add, given), present, known)


def worth(hit: Flags, points: np.int8 | np.int16 | np.int32) -> Points:
    ones: Points = hit.view(np.int8)
    return ones if points == 1 and points.itemsize == 1 else ones * points


def weigh_count(answer: Count, code: str, view: View) -> Answered:
    span = [(NOW, answer.within)]
    rows = view.events(code)
    inside = all_of(view.rows_in(rows, span))
    number = np.bincount(rows.child[inside], minlength=view.population.size)
    known = view.fresh(answer.absence) | (number > 0) | view.hits(code, NO_CODE, span)
    if isinstance(answer.weights, Each):
        points = np.minimum(number * answer.weights.points, answer.weights.at_most)
    else:
        points = points_in(answer.weights, number)
    return settled(points.astype(np.int32), known, number > 0)


# States


def weigh_state(answer: State, code: str, view: View) -> Answered:
    rows, latest = latest_rows(code, view)
    known = in_reach(answer, latest, view)
    points = np.full(view.population.size, np.iinfo(np.int32).min, np.int32)
    np.maximum.at(points, rows.child, points_of(answer, rows.answer))
    if isinstance(answer, FlagState):
        return settled(points, known, children_with(rows, rows.answer == YES_CODE, view))
    return settled(points, known, points > 0)


def in_reach(answer: State, latest: Ints, view: View) -> Flags:
    """Whether the answers of that day are still looked at."""
    return latest > (-1 if answer.within is None else view.cut(answer.within))


def latest_rows(code: str, view: View) -> tuple[Rows, Ints]:
    """The rows of each child's latest day, and that day; -1 where nothing is known."""
    rows = view.begun(view.population.tables[code].rows)
    latest = np.full(view.population.size, -1, np.int32)
    np.maximum.at(latest, rows.child, rows.ends)
    return rows.pick(np.flatnonzero(rows.ends == latest[rows.child])), latest


def children_with(rows: Rows, flags: Flags, view: View) -> Flags:
    found = np.zeros(view.population.size, np.bool_)
    found[rows.child[flags]] = True
    return found


def points_of(answer: State, given: Wide) -> Ints:
    match answer:
        case FlagState(points):
            return np.where(given == YES_CODE, np.int32(points), np.int32(0))
        case Choice(options):
            return np.array([options[word] for word in sorted(options)], np.int32)[given]
        case Number(ranges):
            return points_in(ranges, given)


def points_in(ranges: tuple[Range, ...], values: Wide) -> Ints:
    bounds = np.array([each.from_ for each in ranges[1:]], np.int64)
    points = np.array([each.points for each in ranges], np.int32)
    return points[np.searchsorted(bounds, values, side="right")]
