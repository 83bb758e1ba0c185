"""What can be seen of a child on a day: the evidence up to `as_of`, as the model understands it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration, age_on, before
from services.scoring.domain.evidence import NO, NOT_KNOWN, YES, Evidence, Observation
from services.scoring.domain.model import Model, ReadCode, Window

Observations = list[Observation]


class Latest(NamedTuple):
    """The known answers of a code's latest day; more than one may stand."""

    day: date
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Evidence by code, none of it after `as_of`. `asked` holds those that leave it not known."""

    as_of: date
    age: int | None
    stale: frozenset[str]
    codes: Mapping[str, ReadCode]
    known: dict[str, Observations]
    asked: dict[str, Observations]
    not_understood: Observations

    def last_day(self, observation: Observation) -> date:
        """The last day it was true, cut at as_of."""
        until = observation.observed_until
        if until is None:
            return observation.observed_on
        return min(until, self.as_of)

    def inside(self, window: Window, observations: Observations) -> Observations:
        """Those that lie, with at least a day, in (as_of - to, as_of - from]."""
        newest = before(self.as_of, window.from_)
        recent = self.recent(observations, window.to)
        return [each for each in recent if each.observed_on <= newest]

    def recent(self, observations: Observations, within: Duration | None) -> Observations:
        """Those true on a day after as_of - within."""
        if within is None:
            return observations
        oldest = before(self.as_of, within)
        return [each for each in observations if self.last_day(each) > oldest]

    def latest(self, code: str, within: Duration | None) -> Latest | None:
        """The answers that stand under a state's code, unless they are too old."""
        known = self.known.get(code)
        if not known:
            return None
        day = max(map(self.last_day, known))
        if within is not None and day <= before(self.as_of, within):
            return None
        return Latest(day, tuple(each for each in known if self.last_day(each) == day))

    def events(self, code: str) -> Observations:
        """One yes an event: the same incident, or statement, counts once, by its latest yes."""
        latest: dict[object, Observation] = {}
        for observation in self.known.get(code, ()):
            if observation.answer == YES:
                event = observation.incident_ref or (observation.source, observation.source_ref)
                other = latest.get(event)
                if other is None or self.is_later(observation, other):
                    latest[event] = observation
        return list(latest.values())

    def is_later(self, first: Observation, second: Observation) -> bool:
        """By the last day it was true; of two with the same, the one that began earlier."""
        return self.recency(first) > self.recency(second)

    def recency(self, observation: Observation) -> tuple[object, ...]:
        began = -observation.observed_on.toordinal()
        statement = observation.source, observation.source_ref, observation.revision
        return self.last_day(observation), began, statement

    def noes(self, code: str) -> Observations:
        return [each for each in self.known.get(code, ()) if each.answer == NO]


def look(model: Model, evidence: Evidence, as_of: date) -> Seen:
    birth = evidence.date_of_birth
    age = None if birth is None else age_on(as_of, birth)
    seen = Seen(as_of, age, evidence.stale, model.codes, {}, {}, [])
    for observation in evidence.observations:
        code = model.codes.get(observation.code)
        if code is None or observation.observed_on > as_of:
            continue
        if understands(code, observation.answer):
            seen.known.setdefault(observation.code, []).append(observation)
        else:
            seen.asked.setdefault(observation.code, []).append(observation)
            if observation.answer != NOT_KNOWN:
                seen.not_understood.append(observation)
    return seen


def understands(code: ReadCode, answer: str) -> bool:
    """An answer this version does not know counts as not known, and is reported."""
    if code.kind == "yes_no":
        return answer in {YES, NO}
    if code.kind == "choice":
        return answer in code.options
    return amounts.is_number(answer)
