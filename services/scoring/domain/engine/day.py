"""A day as a model sees it: what is of an age then, and which days each window holds."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from services.scoring.domain.dates import Duration, before
from services.scoring.domain.model import FlagEvents, Indicator, Window

DAY = timedelta(days=1)


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


Spans = tuple[Span, ...]


class SpansOn(dict[int, Spans]):
    """The windows on a day of each indicator that has some, by its place, once they are asked."""

    def __init__(self, indicators: Sequence[Indicator], cuts: Cuts) -> None:
        super().__init__()
        self.indicators = indicators
        self.cuts = cuts

    def __missing__(self, place: int) -> Spans:
        answer = self.indicators[place].answer
        windows = answer.windows if isinstance(answer, FlagEvents) else ()
        self[place] = found = tuple(span(window, self.cuts) for window in windows)
        return found


def span(window: Window, cuts: Cuts) -> Span:
    """(as_of - to, as_of - from], in days."""
    first = date.min if window.to is None else cuts[window.to] + DAY
    return Span(first, cuts[window.from_], window)


class Day(NamedTuple):
    as_of: date
    cuts: Cuts
    spans: SpansOn
