"""The scores of a whole population, equal to `engine.score` child by child, without the reasons."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from services.scoring.domain.model import Condition, Group, Model, Status
from services.scoring.domain.population.columns import Population
from services.scoring.domain.population.conditions import Codes, holds
from services.scoring.domain.population.days import Flags, Ints, ages
from services.scoring.domain.population.lines import TRUE, UNKNOWN, Line, Truths, View, weigh

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


def score_population(model: Model, population: Population, as_of: date | Ints) -> Outcome:
    """As of one day, or of a day (ordinal) for each child."""
    day = np.int32(as_of.toordinal()) if isinstance(as_of, date) else as_of
    born = population.born >= 0
    age = ages(np.asarray(day), population.birth)
    view = View(population, day, age)
    codes: Codes = {code: tuple(sorted(read.options)) for code, read in model.codes.items()}
    lines = [weigh(line, view, gate_of(line.when, view, codes)) for line in model.indicators]
    by_name = {line.indicator.id: line for line in lines}
    floors = np.empty((len(model.floors), population.size), np.int8)
    for place, floor in enumerate(model.floors):
        floors[place] = holds(floor.when, view, codes, by_name)
    status = statuses(model, lines, born)
    status[born & outside(model, age)] = NOT_APPLICABLE
    return stand(model, lines, floors, status)


def gate_of(when: Condition | None, view: View, codes: Codes) -> Truths | None:
    return None if when is None else holds(when, view, codes, {})


def outside(model: Model, age: Ints) -> Flags:
    limits = model.applies
    found = age < limits.least
    if limits.below is not None:
        found |= age >= limits.below
    return found


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


def bound(line: Line, points: int) -> Ints:
    """The line's points, and this many where it is unknown, which gave 0."""
    return line.points if points == 0 else line.points + ~line.known * np.int32(points)


def together(model: Model, columns: list[Ints]) -> Ints:
    grouped = {place for places in model.members.values() for place in places}
    total = np.zeros(len(columns[0]), np.int32)
    for place, column in enumerate(columns):
        if place not in grouped:
            total += column
    for name, places in model.members.items():
        total += combine(model.groups[name], [columns[place] for place in places])
    return total


def combine(group: Group, columns: list[Ints]) -> Ints:
    join = np.maximum if group.combine == "max" else np.add
    joined = columns[0].copy()
    for column in columns[1:]:
        join(joined, column, out=joined)
    return joined if group.cap is None else np.minimum(joined, np.int32(group.cap))


def bands_of(model: Model, totals: Ints) -> Ints:
    starts = np.array([least for least, _ in model.band_starts], np.int32)
    places = np.array([NO_BAND, *(place for _, place in model.band_starts)], np.int32)
    return places[np.searchsorted(starts, totals, side="right")]


def highest(model: Model, floors: Flags) -> Ints:
    found = np.full(floors.shape[1], NO_BAND)
    for floor, fires in zip(model.floors, floors, strict=True):
        np.maximum(found, model.places[floor.band], out=found, where=fires)
    return found


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
