"""What can be seen of a child on a day: the evidence up to `as_of`, as the model understands it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration, age_on, before
from services.scoring.domain.evidence import NO, NOT_KNOWN, YES, Evidence, Observation, identity
from services.scoring.domain.model import Model, ReadCode, Window

Observations = list[Observation]


class Dated(NamedTuple):
    """An observation with the last day it was true, cut at as_of."""

    day: date
    observation: Observation


class Latest(NamedTuple):
    """The known answers of a code's latest day; more than one may stand."""

    day: date
    observations: tuple[Observation, ...]


class Cuts(dict[Duration, date]):
    """The day as old as a duration, worked out once a day, not once a child."""

    def __init__(self, as_of: date) -> None:
        super().__init__()
        self.as_of = as_of

    def __missing__(self, duration: Duration) -> date:
        self[duration] = found = before(self.as_of, duration)
        return found


cuts_on = lru_cache(maxsize=1024)(Cuts)


@dataclass(frozen=True, slots=True)
class Seen:
    """Evidence by code, none of it after `as_of`; the yeses and noes among the known apart too.

    `asked` holds what leaves a code not known.
    """

    as_of: date
    age: int | None
    stale: frozenset[str]
    codes: Mapping[str, ReadCode]
    known: dict[str, Observations]
    yes: dict[str, list[Dated]]
    no: dict[str, list[Dated]]
    asked: dict[str, Observations]
    not_understood: Observations
    cuts: Cuts

    def last_day(self, observation: Observation) -> date:
        """The last day it was true, cut at as_of."""
        until = observation.observed_until
        if until is None:
            return observation.observed_on
        return min(until, self.as_of)

    def inside(self, window: Window, some: list[Dated]) -> list[Dated]:
        """Those that lie, with at least a day, in (as_of - to, as_of - from]."""
        recent = self.recent(some, window.to)
        if window.from_.amount == 0:
            return recent
        newest = self.cuts[window.from_]
        return [each for each in recent if each.observation.observed_on <= newest]

    def recent(self, some: list[Dated], within: Duration | None) -> list[Dated]:
        """Those true on a day after as_of - within."""
        if within is None:
            return some
        oldest = self.cuts[within]
        return [each for each in some if each.day > oldest]

    def latest(self, code: str, within: Duration | None) -> Latest | None:
        """The answers that stand under a state's code, unless they are too old."""
        known = self.known.get(code)
        if not known:
            return None
        day = max(map(self.last_day, known))
        if within is not None and day <= self.cuts[within]:
            return None
        return Latest(day, tuple(each for each in known if self.last_day(each) == day))

    def events(self, code: str) -> list[Dated]:
        """One yes an event: the same incident, or statement, counts once, by its latest yes."""
        yeses = self.yes.get(code, [])
        if len(yeses) < SEVERAL:
            return yeses
        latest: dict[object, Dated] = {}
        for each in yeses:
            event = event_of(each.observation)
            other = latest.get(event)
            if other is None or recency(each) > recency(other):
                latest[event] = each
        return list(latest.values())


SEVERAL = 2


def event_of(observation: Observation) -> object:
    return observation.incident_ref or (observation.source, observation.source_ref)


def recency(dated: Dated) -> tuple[object, ...]:
    """By the last day it was true; of two with the same, the one that began earlier is later."""
    began = -dated.observation.observed_on.toordinal()
    return dated.day, began, identity(dated.observation)


def look(model: Model, evidence: Evidence, as_of: date) -> Seen:
    birth = evidence.date_of_birth
    age = None if birth is None else age_on(as_of, birth)
    seen = Seen(as_of, age, evidence.stale, model.codes, {}, {}, {}, {}, [], cuts_on(as_of))
    for observation in evidence.observations:
        code = model.codes.get(observation.code)
        if code is not None and observation.observed_on <= as_of:
            if understands(code, observation.answer):
                take(seen, observation)
            else:
                leave_open(seen, observation)
    return seen


def take(seen: Seen, observation: Observation) -> None:
    """Files a known answer, a yes or no with its last day too."""
    code, answer = observation.code, observation.answer
    add(seen.known, code, observation)
    if answer in YES_AND_NO:
        until = observation.observed_until
        day = observation.observed_on if until is None else min(until, seen.as_of)
        add(seen.yes if answer == YES else seen.no, code, Dated(day, observation))


def leave_open(seen: Seen, observation: Observation) -> None:
    add(seen.asked, observation.code, observation)
    if observation.answer != NOT_KNOWN:
        seen.not_understood.append(observation)


Filed = TypeVar("Filed")


def add(files: dict[str, list[Filed]], code: str, one: Filed) -> None:
    if code in files:
        files[code].append(one)
    else:
        files[code] = [one]


YES_AND_NO = {YES, NO}


def understands(code: ReadCode, answer: str) -> bool:
    """An answer this version does not know counts as not known, and is reported."""
    if code.kind == "number":
        return amounts.is_number(answer)
    return answer in code.options
