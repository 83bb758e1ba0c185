"""The scores of a whole population, equal to `engine.score` child by child, without the reasons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.scoring.domain.model import Condition, Group, Indicator, Model, Status
from services.scoring.domain.population.columns import Population
from services.scoring.domain.population.conditions import holds
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
NO_BAND = np.int8(-1)
Grid = npt.NDArray[np.int8]
Bands = Points
BYTE = 127


@dataclass(frozen=True, slots=True)
class Outcome:
    """A column for each part of a standing. Points are scaled; bands are places in the model's
    order, -1 for none; `fired` and `possible` have a row a floor; `status` counts in `STATUSES`.

    Where the status is not_applicable, the other columns mean nothing.
    """

    total: Ints
    low: Ints
    high: Ints
    band: Bands
    band_low: Bands
    band_high: Bands
    fired: Flags
    possible: Flags
    status: Ints


class Headlines(NamedTuple):
    """Total, band and fired floors alone, as in `Outcome`; without meaning where not `applies`."""

    total: Ints
    band: Bands
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
    return View(population, day, ages(day, population.birth), doubts=doubts)


def weigh_all(model: Model, view: View) -> list[Line]:
    return [weigh(line, view, gate_of(line.when, view, model)) for line in model.indicators]


def floor_answers(model: Model, view: View, lines: list[Line]) -> Iterator[Truths]:
    by_name = dict(zip(model.ids, lines, strict=True))
    for floor in model.floors:
        yield holds(floor.when, view, model, by_name)


def gate_of(when: Condition | None, view: View, model: Model) -> Truths | None:
    return None if when is None else holds(when, view, model, {})


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
    alone = [place for place in range(len(columns)) if place not in grouped]
    total = added(model, columns, alone)
    for name, places in model.members.items():
        total += combine(model.groups[name], model, columns, places)
    return total


def combine(
    group: Group, model: Model, columns: Sequence[Points], places: Sequence[int]
) -> Ints | Points:
    if group.combine == "sum":
        joined: Ints | Points = added(model, columns, places)
    else:
        joined = reduce(np.maximum, [columns[place] for place in places])
    return joined if group.cap is None else np.minimum(joined, np.int32(group.cap))


def added(model: Model, columns: Sequence[Points], places: Sequence[int]) -> Ints:
    """The sum of some columns; as many as fit are first added up as bytes."""
    total = np.zeros(len(columns[0]), np.int32)
    waiting: list[Points] = []
    reach = 0
    for place in places:
        reach += bound_of(model.indicators[place])
        if waiting and reach > BYTE:
            total += reduce(add, waiting)
            waiting, reach = [], bound_of(model.indicators[place])
        waiting.append(columns[place])
    return total + reduce(add, waiting) if waiting else total


def bound_of(line: Indicator) -> int:
    return max(-line.least, line.most)


def bands_of(model: Model, totals: Ints) -> Bands:
    """The place of the highest band that begins at or below the total."""
    begun = [totals >= least for least, _ in model.band_starts]
    return highest_of(model, begun, [place for _, place in model.band_starts], len(totals))


def highest(model: Model, floors: Flags) -> Bands:
    """The place of the highest band of those that fire."""
    places = [model.places[floor.band] for floor in model.floors]
    return highest_of(model, list(floors), places, floors.shape[1])


def highest_of(model: Model, flags: Sequence[Flags], places: Sequence[int], size: int) -> Bands:
    """The highest place whose flag is set; counted from 1, less 1 in the end."""
    narrow = fitting(len(model.bands))
    found: Bands = np.zeros(size, narrow)
    for flag, place in zip(flags, places, strict=True):
        np.maximum(found, flag.view(np.int8) * narrow(place + 1), out=found)
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
