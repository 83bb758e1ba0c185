"""What can be seen of a child on a day: the evidence up to `as_of`, as the model understands it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration, age_on
from services.scoring.domain.engine.day import Day
from services.scoring.domain.evidence import NO, NOT_KNOWN, YES, Evidence, Observation, identity
from services.scoring.domain.model import ReadCode

Observations = list[Observation]


class Latest(NamedTuple):
    """The known answers of a code's latest day; more than one may stand."""

    day: date
    observations: Sequence[Observation]


NONE: Observations = []


class Seen(NamedTuple):
    """Evidence by code, none of it after the day; where there is a list, it is not empty.

    `asked` holds what leaves a code not known.
    """

    day: Day
    age: int | None
    stale: frozenset[str]
    known: dict[str, Observations]
    asked: dict[str, Observations]
    not_understood: Observations

    @property
    def as_of(self) -> date:
        return self.day.as_of

    def last_day(self, observation: Observation) -> date:
        """The last day it was true, cut at as_of."""
        until = observation.observed_until
        if until is None:
            return observation.observed_on
        return min(until, self.day.as_of)

    def recent(self, some: Observations, within: Duration | None) -> Observations:
        """Those true on a day after as_of - within."""
        if within is None:
            return some
        oldest = self.day.cuts[within]
        return [each for each in some if (each.observed_until or each.observed_on) > oldest]

    def latest(self, code: str, within: Duration | None) -> Latest | None:
        """The answers that stand under a state's code, unless they are too old."""
        known = self.known.get(code)
        if known is None:
            return None
        if len(known) == 1:
            day, standing = self.last_day(known[0]), known
        else:
            day = max(map(self.last_day, known))
            standing = [each for each in known if self.last_day(each) == day]
        if within is not None and day <= self.day.cuts[within]:
            return None
        return Latest(day, standing)

    def yeses(self, code: str) -> Observations:
        """Under the code of an event, a yes for each."""
        return self.events([each for each in self.known.get(code, NONE) if each.answer == YES])

    def noes(self, code: str) -> Observations:
        return [each for each in self.known.get(code, NONE) if each.answer == NO]

    def events(self, yeses: Observations) -> Observations:
        """One yes an event: the same incident, or statement, counts once, by its latest yes."""
        if len(yeses) <= 1:
            return yeses
        latest: dict[object, Observation] = {}
        for each in yeses:
            event = event_of(each)
            other = latest.get(event)
            if other is None or self.recency(each) > self.recency(other):
                latest[event] = each
        return list(latest.values())

    def recency(self, observation: Observation) -> tuple[object, ...]:
        """By its last day; of two with the same, the one that began earlier is later."""
        began = -observation.observed_on.toordinal()
        return self.last_day(observation), began, identity(observation)


def event_of(observation: Observation) -> object:
    return observation.incident_ref or (observation.source, observation.source_ref)


def look(codes: Mapping[str, ReadCode], evidence: Evidence, day: Day) -> Seen:
    seen = Seen(day, age_then(evidence, day.as_of), evidence.stale, {}, {}, [])
    as_of, known = day.as_of, seen.known
    for observation in evidence.observations:
        name = observation.code
        code = codes.get(name)
        if code is None or observation.observed_on > as_of:
            continue
        answer = observation.answer
        if answer not in code.options and not understands(code, answer):
            leave_open(seen, observation)
        elif name in known:
            known[name].append(observation)
        else:
            known[name] = [observation]
    return seen


def age_then(evidence: Evidence, as_of: date) -> int | None:
    birth = evidence.date_of_birth
    return None if birth is None else age_on(as_of, birth)


def leave_open(seen: Seen, observation: Observation) -> None:
    seen.asked.setdefault(observation.code, []).append(observation)
    if observation.answer != NOT_KNOWN:
        seen.not_understood.append(observation)


def understands(code: ReadCode, answer: str) -> bool:
    """An answer this version does not know counts as not known, and is reported."""
    return answer in code.options or (code.kind == "number" and amounts.is_number(answer))
