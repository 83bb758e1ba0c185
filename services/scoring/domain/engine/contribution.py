"""What one indicator adds to a score, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.scoring.domain.engine.truth import Truth
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Indicator


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and its parameters, plain JSON; `sentences.explain` makes the words on reading."""

    code: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Contribution:
    """An indicator's points (scaled), before groups; `used` are the observations that decide.

    `least` and `most` are what it could give; when known, both are its points. `ruled_out` counts
    as known; `supposed` is a what-if and never part of a score.
    """

    indicator: Indicator
    state: Literal["known", "unknown", "ruled_out", "supposed"]
    points: int
    least: int
    most: int
    present: Truth
    used: tuple[Observation, ...]
    reason: Reason


def known(
    line: Indicator,
    points: int,
    reason: Reason,
    *,
    present: bool,
    used: tuple[Observation, ...] = (),
) -> Contribution:
    return Contribution(line, "known", points, points, points, present, used, reason)


def unknown(line: Indicator, reason: Reason, used: tuple[Observation, ...] = ()) -> Contribution:
    """Gives nothing to the total, and its whole reach to the interval."""
    return Contribution(line, "unknown", 0, line.least, line.most, None, used, reason)


def ruled_out(line: Indicator, reason: Reason) -> Contribution:
    return Contribution(line, "ruled_out", 0, 0, 0, False, (), reason)
