"""What can be seen of a child on a day: the evidence up to `as_of`, as the model understands it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration, age_on, before
from services.scoring.domain.evidence import NO, NOT_KNOWN, YES, Evidence, Observation, identity
from services.scoring.domain.model import FlagEvents, Model, ReadCode, Span, Window

Observations = list[Observation]
Spans = Mapping[str, tuple[Span, ...]]
"""The windows of each indicator on a day."""
DAY = timedelta(days=1)


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


def spans_on(model: Model, as_of: date) -> Spans:
    """Worked out once a model and day, not once a child."""
    if as_of not in model.days:
        if len(model.days) >= DAYS_KEPT:
            model.days.clear()
        cuts = cuts_on(as_of)
        model.days[as_of] = {
            line.id: tuple(span(window, cuts) for window in line.answer.windows)
            for line in model.indicators
            if isinstance(line.answer, FlagEvents)
        }
    return model.days[as_of]


DAYS_KEPT = 1024


def span(window: Window, cuts: Cuts) -> Span:
    """(as_of - to, as_of - from], in days."""
    first = date.min if window.to is None else cuts[window.to] + DAY
    return Span(window, first, cuts[window.from_])


class Seen(NamedTuple):
    """Evidence by code, none of it after `as_of`.

    `asked` holds what leaves a code not known.
    """

    as_of: date
    age: int | None
    stale: frozenset[str]
    codes: Mapping[str, ReadCode]
    known: dict[str, Observations]
    asked: dict[str, Observations]
    not_understood: Observations
    cuts: Cuts
    spans: Spans

    def last_day(self, observation: Observation) -> date:
        """The last day it was true, cut at as_of."""
        until = observation.observed_until
        if until is None:
            return observation.observed_on
        return min(until, self.as_of)

    def recent(self, some: Observations, within: Duration | None) -> Observations:
        """Those true on a day after as_of - within."""
        if within is None:
            return some
        oldest = self.cuts[within]
        return [each for each in some if (each.observed_until or each.observed_on) > oldest]

    def latest(self, code: str, within: Duration | None) -> Latest | None:
        """The answers that stand under a state's code, unless they are too old."""
        known = self.known.get(code)
        if not known:
            return None
        day = max(map(self.last_day, known))
        if within is not None and day <= self.cuts[within]:
            return None
        return Latest(day, tuple(each for each in known if self.last_day(each) == day))

    def noes(self, code: str) -> Observations:
        known = self.known.get(code)
        return said(NO, known) if known else []

    def events(self, code: str) -> Observations:
        """One yes an event: the same incident, or statement, counts once, by its latest yes."""
        known = self.known.get(code)
        yeses = said(YES, known) if known else []
        if len(yeses) < SEVERAL:
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


SEVERAL = 2


def said(answer: str, some: Observations) -> Observations:
    """Those with this answer; most often there is one, and nothing to copy."""
    if len(some) == 1:
        return some if some[0].answer == answer else []
    return [each for each in some if each.answer == answer]


def inside(span: Span, some: Sequence[Observation]) -> Observations:
    """Those that lie, with at least a day, in the window.

    An end beyond as_of needs no cutting here, as every window begins at or before as_of.
    """
    _, first, last = span
    found = []
    for each in some:
        if each.observed_on <= last and (each.observed_until or each.observed_on) >= first:
            found.append(each)  # noqa: PERF401 - of the few there are, a loop is quicker
    return found


def event_of(observation: Observation) -> object:
    return observation.incident_ref or (observation.source, observation.source_ref)


def look(model: Model, evidence: Evidence, as_of: date) -> Seen:
    codes, spans = model.codes, spans_on(model, as_of)
    age = age_then(evidence, as_of)
    seen = Seen(as_of, age, evidence.stale, codes, {}, {}, [], cuts_on(as_of), spans)
    known = seen.known
    for observation in evidence.observations:
        name = observation.code
        code = codes.get(name)
        if code is None or observation.observed_on > as_of:
            continue
        if not understands(code, observation.answer):
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
