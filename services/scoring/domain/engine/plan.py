"""A model made ready: what every score of it asks, worked out once a model, and once a day."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter

from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.conditions import Test, test_of
from services.scoring.domain.engine.contribution import extremes
from services.scoring.domain.engine.day import Day, ReachOn, cuts_on
from services.scoring.domain.engine.meanings import FIRST
from services.scoring.domain.engine.readings import ages, readings
from services.scoring.domain.engine.weighing import Weigh, weigher
from services.scoring.domain.model import Choice, FlagState, Floor, Group, Model, Number

DAYS_KEPT = 1024
Pick = Callable[[Sequence[int]], tuple[int, ...]]
"""The values of some indicators, such as a group's members, out of those of all."""


class Plan:
    """How to weigh each indicator and to ask each floor, and which of them read a code."""

    def __init__(self, model: Model, meaning: str) -> None:
        self.model = model
        self.meaning = meaning
        self.weighers: tuple[Weigh, ...] = tuple(
            weigher(place, model, meaning) for place in range(len(model.indicators))
        )
        self.extremes = tuple(map(extremes, model.indicators))
        self.floors: tuple[tuple[Floor, Test], ...] = tuple(
            (floor, test_of(floor.when, model, meaning)) for floor in model.floors
        )
        self.lifts: tuple[int, ...] = tuple(model.places[floor.band] for floor in model.floors)
        self.reach_of_states = reach_of_states(model, meaning)
        self.readings = readings(model)
        self.ages = ages(model)
        self.groups: tuple[tuple[Group, Pick], ...] = tuple(
            (model.groups[name], picker(places)) for name, places in model.members.items()
        )
        grouped = {place for places in model.members.values() for place in places}
        self.alone = picker(
            tuple(place for place in range(len(model.indicators)) if place not in grouped)
        )
        self.required = tuple(model.ids.index(name) for name in model.completeness.required)
        self.days: dict[date, Day] = {}

    def on(self, as_of: date) -> Day:
        day = self.days.get(as_of)
        if day is None:
            if len(self.days) >= DAYS_KEPT:
                self.days.clear()
            cuts = cuts_on(as_of)
            self.days[as_of] = day = Day(as_of, cuts, ReachOn(self.model.indicators, cuts))
        return day


def reach_of_states(model: Model, meaning: str) -> dict[str, tuple[Duration | None, ...]]:
    """For each code that some indicator reads as a state, how far back they look."""
    found: dict[str, set[Duration | None]] = {}
    for line in model.indicators:
        if line.reads and isinstance(line.answer, FlagState | Choice | Number):
            # Version 1 told of a disagreement however old.
            within = None if meaning == FIRST else line.answer.within
            found.setdefault(line.reads, set()).add(within)
    return {code: tuple(some) for code, some in sorted(found.items())}


def picker(places: tuple[int, ...]) -> Pick:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: tuple(values[place] for place in places)


@lru_cache(maxsize=32)
def plan_of(model: Model, meaning: str) -> Plan:
    return Plan(model, meaning)
