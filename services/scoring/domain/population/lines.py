"""Evidence to points for one indicator and all children at once: `engine.weighing` in columns."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, reduce
from itertools import chain
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
)
from services.scoring.domain.population.columns import (
    NEVER_BEGINS,
    NO_CODE,
    YES_CODE,
    Population,
    Rows,
)
from services.scoring.domain.population.days import Flags, Ints, Wide, before

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

    Where the line is ruled out it is known and not present. Known is worked out when first asked
    for, as totals, and the bands of most models, do without.
    """

    def __init__(self, indicator: Indicator, answered: "Answered", gate: Truths | None) -> None:
        self.indicator = indicator
        self.gate = gate
        self.knows = answered.knows
        self.points, self.present = answered.points, answered.present
        if gate is not None:
            self.points = self.points * (gate == TRUE)
            self.present = self.present & (gate != FALSE)

    @cached_property
    def known(self) -> Flags:
        if self.gate is None:
            return self.knows()
        known: Flags = (self.knows() & (self.gate == TRUE)) | (self.gate == FALSE)
        return known

    @property
    def truth(self) -> Truths:
        """Whether it is present."""
        return three(self.known, self.present)


class Answered(NamedTuple):
    """Whatever its `when`: points (0 where unknown), present, how to tell whether it is known."""

    points: Points
    present: Flags
    knows: Callable[[], Flags]


def three(known: Flags, true: Flags) -> Truths:
    return np.where(known, true.view(np.int8) * TRUE, UNKNOWN)


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
        self.earliest = np.min(as_of)
        self.ages = ages
        self.cuts: dict[Duration, Ints] = {}
        self.happened: dict[str, Rows] = {}

    def cut(self, duration: Duration) -> Ints:
        """The day, for each child or for all, at and before which evidence is too old."""
        if duration not in self.cuts:
            self.cuts[duration] = before(np.asarray(self.as_of), duration)
        return self.cuts[duration]

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
        if spell is not None:
            flags: Iterator[Flags] = self.in_spans(spell.begins, spell.ends, spans, None)
            if spell.all_begun > self.earliest:
                flags = chain(iter([spell.begins <= self.as_of]), flags)
            first = next(flags, None)
            return all_of(flags, spell.begins < NEVER_BEGINS if first is None else first)
        if answer == YES_CODE:
            rows = self.events(code)
        else:
            rows = self.population.tables[code].said[answer]
        begun = rows.begins <= at(self.as_of, rows.child)
        inside = all_of(self.in_spans(rows.begins, rows.ends, spans, rows.child), begun)
        found = np.zeros(self.population.size, np.bool_)
        found[rows.child[inside]] = True
        return found

    def in_spans(
        self, begins: Ints, ends: Ints, spans: Sequence[Span], child: Ints | None
    ) -> Iterator[Flags]:
        for from_, to in spans:
            if to is not None:
                yield ends > at(self.cut(to), child)
            if from_.amount:
                yield begins <= at(self.cut(from_), child)

    def fresh(self, agency: str | None) -> Flags:
        if agency is None:
            return np.zeros(self.population.size, np.bool_)
        silent = self.population.stale.get(agency)
        return np.ones(self.population.size, np.bool_) if silent is None else ~silent


def at(value: Ints | np.int32, child: Ints | None) -> Ints | np.int32:
    """Of each row's child, where there is a value for each child."""
    return value if child is None or np.ndim(value) == 0 else np.asarray(value)[child]


def all_of(flags: Iterable[Flags], start: Flags) -> Flags:
    for each in flags:
        start &= each
    return start


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
    return Answered(points * known, present, lambda: known)


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
        hit.view(np.int8) * narrow(window.points)
        for hit, window in zip(hits, answer.windows, strict=True)
    ]
    points, present = reduce(add, given), reduce(or_, hits)

    def knows() -> Flags:
        known = view.fresh(answer.absence) | present
        for window in answer.windows:
            known |= view.hits(code, NO_CODE, [(window.from_, window.to)])
        return known

    return Answered(points, present, knows)


def weigh_count(answer: Count, code: str, view: View) -> Answered:
    span = [(NOW, answer.within)]
    rows = view.events(code)
    everything = np.ones(len(rows.child), np.bool_)
    inside = all_of(view.in_spans(rows.begins, rows.ends, span, rows.child), everything)
    number = np.bincount(rows.child[inside], minlength=view.population.size)
    known = view.fresh(answer.absence) | (number > 0) | view.hits(code, NO_CODE, span)
    if isinstance(answer.weights, Each):
        points = np.minimum(number * answer.weights.points, answer.weights.at_most)
    else:
        points = points_in(answer.weights, number)
    return settled(points.astype(np.int32), known, number > 0)


# States


def weigh_state(answer: FlagState | Choice | Number, code: str, view: View) -> Answered:
    rows, latest = latest_rows(code, view)
    known = latest >= 0
    if answer.within is not None:
        known &= latest > view.cut(answer.within)
    points = np.full(view.population.size, np.iinfo(np.int32).min, np.int32)
    np.maximum.at(points, rows.child, points_of(answer, rows.answer))
    if isinstance(answer, FlagState):
        return settled(points, known, children_with(rows, rows.answer == YES_CODE, view))
    return settled(points, known, points > 0)


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


def points_of(answer: FlagState | Choice | Number, given: Wide) -> Ints:
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
