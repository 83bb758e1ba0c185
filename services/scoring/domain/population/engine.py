"""The scores of a whole population, equal to `engine.score` child by child, without the reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.scoring.domain.model import Condition, Group, Model, Status
from services.scoring.domain.population.columns import Population
from services.scoring.domain.population.conditions import Codes, holds
from services.scoring.domain.population.days import Flags, Ints, ages
from services.scoring.domain.population.lines import (
    TRUE,
    UNKNOWN,
    Line,
    Points,
    Truths,
    View,
    fitting,
    weigh,
)

STATUSES: tuple[Status, ...] = ("complete", "provisional", "incomplete", "not_applicable")
COMPLETE, PROVISIONAL, INCOMPLETE, NOT_APPLICABLE = range(4)
NO_BAND = np.int32(-1)
Grid = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column for each part of a standing. Points are scaled; bands are places in the model's
    order, -1 for none; `fired` and `possible` have a row a floor; `status` counts in `STATUSES`.

    Where the status is not_applicable, the other columns mean nothing.
    """

    total: Ints
    low: Ints
    high: Ints
    band: Ints
    band_low: Ints
    band_high: Ints
    fired: Flags
    possible: Flags
    status: Ints


class Headlines(NamedTuple):
    """Total, band and fired floors alone, as in `Outcome`; without meaning where not `applies`."""

    total: Ints
    band: Ints
    fired: Flags
    applies: Flags


def score_population(model: Model, population: Population, as_of: date | Ints) -> Outcome:
    """As of one day, or of a day (ordinal) for each child."""
    view = view_on(population, as_of, doubts=True)
    lines = weigh_all(model, view)
    floors = np.empty((len(model.floors), population.size), np.int8)
    for place, answers in enumerate(floor_answers(model, view, lines)):
        floors[place] = answers
    status = statuses(model, lines, population.born >= 0)
    status[~applies(model, view)] = NOT_APPLICABLE
    return stand(model, lines, floors, status)


def headlines(model: Model, population: Population, as_of: date | Ints) -> Headlines:
    """What `score_population` says of total, band and floors, without working out the rest."""
    view = view_on(population, as_of, doubts=False)
    lines = weigh_all(model, view)
    fired = np.empty((len(model.floors), population.size), np.bool_)
    for place, answers in enumerate(floor_answers(model, view, lines)):
        fired[place] = answers == TRUE
    total = together(model, [line.points for line in lines])
    from_points = bands_of(model, total)
    if model.completeness.otherwise == "incomplete":
        status = statuses(model, lines, population.born >= 0)
        from_points = np.where(status == INCOMPLETE, NO_BAND, from_points)
    band = np.maximum(from_points, highest(model, fired))
    return Headlines(total, band, fired, applies(model, view))


def view_on(population: Population, as_of: date | Ints, *, doubts: bool) -> View:
    day = np.int32(as_of.toordinal()) if isinstance(as_of, date) else as_of
    return View(population, day, ages(np.asarray(day), population.birth), doubts=doubts)


def weigh_all(model: Model, view: View) -> list[Line]:
    codes = codes_of(model)
    return [weigh(line, view, gate_of(line.when, view, codes)) for line in model.indicators]


def floor_answers(model: Model, view: View, lines: list[Line]) -> Iterator[Truths]:
    codes = codes_of(model)
    by_name = dict(zip(model.ids, lines, strict=True))
    for floor in model.floors:
        yield holds(floor.when, view, codes, by_name)


def codes_of(model: Model) -> Codes:
    return {code: tuple(sorted(read.options)) for code, read in model.codes.items()}


def gate_of(when: Condition | None, view: View, codes: Codes) -> Truths | None:
    return None if when is None else holds(when, view, codes, {})


def applies(model: Model, view: View) -> Flags:
    """Taken as met while the age is unknown."""
    limits = model.applies
    found = view.ages >= limits.least
    if limits.below is not None:
        found &= view.ages < limits.below
    return found | (view.population.born < 0)


def stand(model: Model, lines: list[Line], floors: Grid, status: Ints) -> Outcome:
    total = together(model, [line.points for line in lines])
    low = together(model, [bound(line, line.indicator.least) for line in lines])
    high = together(model, [bound(line, line.indicator.most) for line in lines])
    fired, possible = floors == TRUE, floors == UNKNOWN
    lifted, could_lift = highest(model, fired), highest(model, possible)
    from_points = np.where(status == INCOMPLETE, NO_BAND, bands_of(model, total))
    return Outcome(
        total=total,
        low=low,
        high=high,
        band=np.maximum(from_points, lifted),
        band_low=np.maximum(bands_of(model, low), lifted),
        band_high=np.maximum(np.maximum(bands_of(model, high), lifted), could_lift),
        fired=fired,
        possible=possible,
        status=status,
    )


def bound(line: Line, points: int) -> Points:
    """The line's points, and this many where it is unknown, which gave 0."""
    return line.points if points == 0 else line.points + ~line.known * np.int32(points)


def together(model: Model, columns: Sequence[Points]) -> Ints:
    grouped = {place for places in model.members.values() for place in places}
    total = np.zeros(len(columns[0]), np.int32)
    for place, column in enumerate(columns):
        if place not in grouped:
            total += column
    for name, places in model.members.items():
        most = sum(max(-line.least, line.most) for line in (model.indicators[p] for p in places))
        total += combine(model.groups[name], [columns[place] for place in places], fitting(most))
    return total


def combine(
    group: Group, columns: list[Points], narrow: type[np.int8 | np.int16 | np.int32]
) -> Ints:
    join = np.maximum if group.combine == "max" else np.add
    joined: Points = columns[0].astype(narrow)
    for column in columns[1:]:
        join(joined, column, out=joined, casting="same_kind")
    cap = np.iinfo(np.int32).max if group.cap is None else group.cap
    capped: Ints = np.minimum(joined, np.int32(cap))
    return capped


def bands_of(model: Model, totals: Ints) -> Ints:
    """The place of the highest band that begins at or below the total."""
    places = np.array([NO_BAND, *(place for _, place in model.band_starts)], np.int32)
    begun = np.zeros(len(totals), np.int8)
    for least, _ in model.band_starts:
        begun += totals >= least
    return places[begun]


def highest(model: Model, floors: Flags) -> Ints:
    """The place of the highest band of those that fire; counted from 1, less 1 in the end."""
    found = np.zeros(floors.shape[1], np.int16)
    for floor, fires in zip(model.floors, floors, strict=True):
        np.maximum(found, fires * np.int16(model.places[floor.band] + 1), out=found)
    return found + NO_BAND


def statuses(model: Model, lines: list[Line], born: Flags) -> Ints:
    rule = model.completeness
    enough = np.ones(len(born), np.bool_)
    if rule.min_known is not None:
        number = np.zeros(len(born), np.int32)
        for line in lines:
            number += line.known
        enough = number >= rule.min_known
    for line in lines:
        if rule.min_known is None or line.indicator.id in rule.required:
            enough &= line.known
    otherwise = np.int32(STATUSES.index(rule.otherwise))
    met = np.where(born, np.int32(COMPLETE), np.int32(PROVISIONAL))
    return np.where(enough, met, otherwise)
