"""Evidence to points for one indicator and all children at once: `engine.weighing` in columns."""

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
    Window,
)
from services.scoring.domain.population.columns import YES_CODE, Population, Rows
from services.scoring.domain.population.days import Flags, Ints, Wide, before

FALSE, UNKNOWN, TRUE = np.int8(0), np.int8(1), np.int8(2)
Truths = np.ndarray[tuple[int], np.dtype[np.int8]]
"""Three-valued truth in order, so that `all` is the least of its parts and `any` the greatest."""


class Line(NamedTuple):
    """One indicator's column: points, whether known and present, and what its `when` says."""

    indicator: Indicator
    points: Ints
    known: Flags
    present: Truths
    gate: Truths | None


class View:
    """A population as of a day, or of a day for each child."""

    def __init__(self, population: Population, as_of: Ints, ages: Ints) -> None:
        self.population = population
        self.as_of = as_of
        self.ages = ages
        self.seen: dict[str, Rows] = {}
        self.cuts: dict[Duration, Ints] = {}

    def rows(self, code: str) -> Rows:
        """Those that have begun by as_of, cut there."""
        if code not in self.seen:
            rows = self.population.rows[code]
            today = self.as_of[rows.child]
            begun = rows.begins <= today
            self.seen[code] = Rows(
                rows.child[begun],
                rows.begins[begun],
                np.minimum(rows.ends[begun], today[begun]),
                rows.answer[begun],
                rows.event[begun],
                rows.rank[begun],
            )
        return self.seen[code]

    def cut(self, duration: Duration) -> Ints:
        """For each child the day before which evidence is older than the duration."""
        if duration not in self.cuts:
            self.cuts[duration] = before(self.as_of, duration)
        return self.cuts[duration]

    def recent(self, rows: Rows, within: Duration | None) -> Flags:
        if within is None:
            return np.ones(len(rows.child), np.bool_)
        return rows.ends > self.cut(within)[rows.child]

    def inside(self, rows: Rows, window: Window) -> Flags:
        found = self.recent(rows, window.to)
        if window.from_.amount:
            found &= rows.begins <= self.cut(window.from_)[rows.child]
        return found

    def any(self, rows: Rows, flags: Flags) -> Flags:
        """The children with such a row."""
        found = np.zeros(self.population.size, np.bool_)
        found[rows.child[flags]] = True
        return found

    def fresh(self, agency: str | None) -> Flags:
        if agency is None:
            return np.zeros(self.population.size, np.bool_)
        silent = self.population.stale.get(agency)
        return np.ones(self.population.size, np.bool_) if silent is None else ~silent


def weigh(line: Indicator, view: View, gate: Truths | None) -> Line:
    points, known, present = answered(line, view)
    truth = np.where(known, np.where(present, TRUE, FALSE), UNKNOWN)
    if gate is not None:
        ruled_out = gate == FALSE
        known = (known & (gate == TRUE)) | ruled_out
        truth = np.where(ruled_out, FALSE, np.where(gate == UNKNOWN, UNKNOWN, truth))
        points = np.where(known & ~ruled_out, points, 0)
    return Line(line, np.where(known, points, 0).astype(np.int32), known, truth, gate)


def answered(line: Indicator, view: View) -> tuple[Ints, Flags, Flags]:
    """Points, whether known, and whether present, whatever its `when` says."""
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
            return points, view.population.born >= 0, points > 0


# Events


def events(rows: Rows) -> Rows:
    """One yes an event, by its latest yes, as `Seen.events`."""
    yes = np.flatnonzero(rows.answer == YES_CODE)
    order = yes[np.lexsort((rows.rank[yes], -rows.begins[yes], rows.ends[yes], rows.event[yes]))]
    last = np.ones(len(order), np.bool_)
    last[:-1] = rows.event[order][1:] != rows.event[order][:-1]
    return pick(rows, order[last])


def noes(rows: Rows) -> Rows:
    return pick(rows, np.flatnonzero(rows.answer != YES_CODE))


def pick(rows: Rows, places: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Rows:
    return Rows(
        rows.child[places],
        rows.begins[places],
        rows.ends[places],
        rows.answer[places],
        rows.event[places],
        rows.rank[places],
    )


def weigh_events(answer: FlagEvents, code: str, view: View) -> tuple[Ints, Flags, Flags]:
    rows = view.rows(code)
    happened, denied = events(rows), noes(rows)
    points = np.zeros(view.population.size, np.int32)
    present = np.zeros(view.population.size, np.bool_)
    known = view.fresh(answer.absence)
    for window in answer.windows:
        hit = view.any(happened, view.inside(happened, window))
        points += hit * np.int32(window.points)
        present |= hit
        known |= hit | view.any(denied, view.inside(denied, window))
    return points, known, present


def weigh_count(answer: Count, code: str, view: View) -> tuple[Ints, Flags, Flags]:
    rows = view.rows(code)
    happened, denied = events(rows), noes(rows)
    inside = happened.child[view.recent(happened, answer.within)]
    number = np.bincount(inside, minlength=view.population.size)
    known = view.fresh(answer.absence) | (number > 0)
    known |= view.any(denied, view.recent(denied, answer.within))
    if isinstance(answer.weights, Each):
        points = np.minimum(number * answer.weights.points, answer.weights.at_most)
    else:
        points = points_in(answer.weights, number)
    return points.astype(np.int32), known, number > 0


# States


def weigh_state(
    answer: FlagState | Choice | Number, code: str, view: View
) -> tuple[Ints, Flags, Flags]:
    rows, latest = latest_rows(code, view)
    known = latest >= 0
    if answer.within is not None:
        known &= latest > view.cut(answer.within)
    points = np.full(view.population.size, np.iinfo(np.int32).min, np.int32)
    np.maximum.at(points, rows.child, points_of(answer, rows.answer))
    if isinstance(answer, FlagState):
        return points, known, view.any(rows, rows.answer == YES_CODE)
    return points, known, points > 0


def latest_rows(code: str, view: View) -> tuple[Rows, Ints]:
    """The rows of each child's latest day, and that day; -1 where nothing is known."""
    rows = view.rows(code)
    latest = np.full(view.population.size, -1, np.int32)
    np.maximum.at(latest, rows.child, rows.ends)
    return pick(rows, np.flatnonzero(rows.ends == latest[rows.child])), latest


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
