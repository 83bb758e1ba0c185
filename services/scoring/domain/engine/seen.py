"""What can be seen of a child on a day: the evidence up to `as_of`, as the model understands it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration, age_on, before
from services.scoring.domain.evidence import NO, NOT_KNOWN, YES, Evidence, Observation, identity
from services.scoring.domain.model import Model, ReadCode

Observations = tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Latest:
    """The known answers of a code's latest day; more than one may stand."""

    day: date
    observations: Observations


@dataclass(slots=True)
class Seen:
    """Evidence by code, none of it after `as_of`. `asked` holds the answers `not_known`."""

    as_of: date
    age: int | None
    stale: frozenset[str]
    codes: Mapping[str, ReadCode]
    known: dict[str, list[Observation]] = field(default_factory=dict)
    asked: dict[str, list[Observation]] = field(default_factory=dict)
    not_understood: list[Observation] = field(default_factory=list)

    def last_day(self, observation: Observation) -> date:
        """The last day it was true, cut at as_of."""
        return min(observation.observed_until or observation.observed_on, self.as_of)

    def touches(self, observation: Observation, from_: Duration, to: Duration | None) -> bool:
        """It lies, with at least a day, in (as_of - to, as_of - from_]."""
        return observation.observed_on <= before(self.as_of, from_) and self.is_within(
            observation, to
        )

    def is_within(self, observation: Observation, within: Duration | None) -> bool:
        return within is None or self.last_day(observation) > before(self.as_of, within)

    def latest(self, code: str, within: Duration | None) -> Latest | None:
        """The answers that stand under a state's code, unless they are too old."""
        known = self.known.get(code)
        if not known:
            return None
        day = max(map(self.last_day, known))
        if within is not None and day <= before(self.as_of, within):
            return None
        return Latest(day, tuple(each for each in known if self.last_day(each) == day))

    def events(self, code: str) -> Iterable[Observation]:
        """One yes an event: the same incident, or statement, counts once, by its latest yes."""
        latest: dict[tuple[str, ...], Observation] = {}
        for observation in self.known.get(code, ()):
            if observation.answer == YES:
                event = event_of(observation)
                other = latest.get(event)
                if other is None or self.recency(observation) > self.recency(other):
                    latest[event] = observation
        return latest.values()

    def recency(self, observation: Observation) -> tuple[object, ...]:
        """Later is later to be true; of two with the same end, the one that began first."""
        began = -observation.observed_on.toordinal()
        return self.last_day(observation), began, *identity(observation)

    def noes(self, code: str) -> Iterable[Observation]:
        return (each for each in self.known.get(code, ()) if each.answer == NO)


def event_of(observation: Observation) -> tuple[str, ...]:
    if observation.incident_ref is not None:
        return (observation.incident_ref,)
    return observation.source, observation.source_ref


def look(model: Model, evidence: Evidence, as_of: date) -> Seen:
    birth = evidence.date_of_birth
    age = None if birth is None else age_on(as_of, birth)
    seen = Seen(as_of, age, evidence.stale, model.codes)
    for observation in evidence.observations:
        code = model.codes.get(observation.code)
        if code is None or observation.observed_on > as_of:
            continue
        if observation.answer == NOT_KNOWN:
            seen.asked.setdefault(observation.code, []).append(observation)
        elif understands(code, observation.answer):
            seen.known.setdefault(observation.code, []).append(observation)
        else:
            seen.not_understood.append(observation)
    return seen


def understands(code: ReadCode, answer: str) -> bool:
    """An answer this version does not know counts as not known, and is reported."""
    if code.kind == "yes_no":
        return answer in {YES, NO}
    if code.kind == "choice":
        return answer in code.options
    return amounts.is_number(answer)
