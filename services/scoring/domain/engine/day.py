"""A day as a model sees it: what is of an age then, and which windows hold which days."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.scoring.domain.dates import Duration, before
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Answer, Count, FlagEvents, Indicator, Window

DAY = timedelta(days=1)
NOW = Duration(0, "D")


class Cuts(dict[Duration, date]):
    """The day as old as a duration, worked out once a day, not once a child."""

    def __init__(self, as_of: date) -> None:
        super().__init__()
        self.as_of = as_of

    def __missing__(self, duration: Duration) -> date:
        self[duration] = found = before(self.as_of, duration)
        return found


cuts_on = lru_cache(maxsize=1024)(Cuts)


class Span(NamedTuple):
    """A window on a day: it holds what was true on a day from `first` to `last`."""

    first: date
    last: date
    window: Window


Held = frozenset[int]
"""Some of an indicator's windows, by their place."""


class Reach(NamedTuple):
    """The windows of an indicator on a day, and the stretches of days that they make.

    A stretch begins at each of the `turns`; all its days lie in the same windows. The first of
    `held` is what comes before them.
    """

    spans: tuple[Span, ...]
    turns: Sequence[date]
    held: Sequence[Held]

    def holds(self, observation: Observation) -> Held:
        """The windows that it lies in with at least a day.

        What goes on after as_of lies in no more of them for it.
        """
        first = bisect_right(self.turns, observation.observed_on)
        if observation.observed_until is None:
            return self.held[first]
        last = bisect_right(self.turns, observation.observed_until)
        return frozenset().union(*self.held[first : last + 1])


class ReachOn(dict[int, Reach]):
    """How far back each indicator of events looks on a day, by its place, once it is asked."""

    def __init__(self, indicators: Sequence[Indicator], cuts: Cuts) -> None:
        super().__init__()
        self.indicators = indicators
        self.cuts = cuts

    def __missing__(self, place: int) -> Reach:
        spans = tuple(span(each, self.cuts) for each in windows(self.indicators[place].answer))
        turns = sorted({day for first, last, _ in spans for day in (first, last + DAY)})
        held = [holding(spans, day) for day in (date.min, *turns)]
        self[place] = found = Reach(spans, turns, held)
        return found


def windows(answer: Answer) -> tuple[Window, ...]:
    """Those of an event; a count has one, and asks how many events it holds."""
    if isinstance(answer, FlagEvents):
        return answer.windows
    return (Window(NOW, answer.within, 0),) if isinstance(answer, Count) else ()


def span(window: Window, cuts: Cuts) -> Span:
    """(as_of - to, as_of - from], in days."""
    first = date.min if window.to is None else cuts[window.to] + DAY
    return Span(first, cuts[window.from_], window)


def holding(spans: Iterable[Span], day: date) -> Held:
    return frozenset(place for place, (first, last, _) in enumerate(spans) if first <= day <= last)


class Day(NamedTuple):
    as_of: date
    cuts: Cuts
    reach: ReachOn
