"""What one indicator adds to a score, and why."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from typing_extensions import override

from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.truth import Truth
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Choice, Indicator, Number, Window

Facts = Mapping[str, object]
NO_FACTS: Facts = {}


class Reason(NamedTuple):
    """A code that, with its facts, becomes a sentence on reading."""

    code: str
    facts: Facts = NO_FACTS


class Hit(NamedTuple):
    """A window that holds a yes, and the last day of the latest one."""

    window: Window
    last_on: date


class Why(NamedTuple):
    """The reason's code and facts, and the observations that decide."""

    code: str
    facts: Facts = NO_FACTS
    used: tuple[Observation, ...] = ()


class Contribution(NamedTuple):
    """One of the few things that an indicator can add to a score: points (scaled), before groups.

    `least` and `most` are what it could give; when known, both are its points. `ruled_out` counts
    as known; `supposed` is a what-if and never part of a score. It is made once a model, so that
    two that are the same thing are the same object; `why` tells what in the child's evidence made
    it so.
    """

    indicator: Indicator
    state: Literal["known", "unknown", "ruled_out", "supposed"]
    points: int
    least: int
    most: int
    present: Truth
    why: Callable[[Seen], Why]

    @override
    def __eq__(self, other: object) -> bool:
        return self is other

    @override
    def __hash__(self) -> int:
        return id(self)


Contributions = tuple[Contribution, ...]
"""By place in the model's indicators."""
Tell = Callable[[Seen], Why]


def known(line: Indicator, points: int, present: bool, why: Tell) -> Contribution:
    return Contribution(line, "known", points, points, points, present, why)


def unknown(line: Indicator, why: Tell) -> Contribution:
    """Gives nothing to the total, and its whole reach to the interval."""
    return Contribution(line, "unknown", 0, line.least, line.most, None, why)


def ruled_out(line: Indicator) -> Contribution:
    return Contribution(line, "ruled_out", 0, 0, 0, False, because("ruled_out"))


def extremes(line: Indicator) -> tuple[Contribution, ...]:
    """What if it gave the most that it can, or, last, the least, by however many events."""
    by_points = isinstance(line.answer, Choice | Number)
    return tuple(
        Contribution(
            line,
            "supposed",
            points,
            points,
            points,
            points > 0 or not by_points,
            because("supposed"),
        )
        for points in [points for points in (line.most, line.least) if points] or [0]
    )


def because(code: str, facts: Facts = NO_FACTS) -> Tell:
    """Whatever was seen."""
    why = Why(code, facts)
    return lambda _: why
