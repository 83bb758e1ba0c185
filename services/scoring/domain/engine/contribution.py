"""What one indicator adds to a score, and why."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from services.scoring.domain.engine.truth import Truth
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Indicator, Window

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
    """The reason, and the observations that decide."""

    reason: Reason
    used: tuple[Observation, ...] = ()


class Contribution(NamedTuple):
    """An indicator's points (scaled), before groups.

    `least` and `most` are what it could give; when known, both are its points. `ruled_out` counts
    as known; `supposed` is a what-if and never part of a score. `told_by` is a function and what to
    call it with: a what-if weighs hundreds of lines, and nobody reads why. A named tuple, not a
    dataclass, as a score makes one for each indicator.
    """

    indicator: Indicator
    state: Literal["known", "unknown", "ruled_out", "supposed"]
    points: int
    least: int
    most: int
    present: Truth
    told_by: tuple[Callable[..., Why], tuple[object, ...]]

    @property
    def why(self) -> Why:
        """Worked out on reading, from what was weighed."""
        tell, things = self.told_by
        return tell(*things)

    @property
    def outcome(self) -> object:
        """All that a standing is made from, but not why."""
        return self[1:6]


def known(
    line: Indicator, points: int, present: bool, tell: Callable[..., Why], *things: object
) -> Contribution:
    return Contribution(line, "known", points, points, points, present, (tell, things))


def unknown(line: Indicator, tell: Callable[..., Why], *things: object) -> Contribution:
    """Gives nothing to the total, and its whole reach to the interval."""
    return Contribution(line, "unknown", 0, line.least, line.most, None, (tell, things))


def ruled_out(line: Indicator) -> Contribution:
    return Contribution(line, "ruled_out", 0, 0, 0, False, (Why, (Reason("ruled_out"),)))
