"""Harm acts through floors, and every floor can fire."""

from collections import Counter
from collections.abc import Iterator

from services.scoring.domain.conditions import leaves
from services.scoring.domain.dates import Duration
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    AgeLimits,
    All,
    Any,
    Choice,
    CodeIs,
    Condition,
    FlagEvents,
    Floor,
    Indicator,
    Number,
    Present,
    SinglePointsFrom,
)
from services.scoring.domain.problems import Finding, Path


def check_floors(pieces: Draft) -> Iterator[Finding]:
    ids = Counter(floor.id for floor in pieces.floors if floor)
    applies = pieces.applies or AgeLimits(None, None)
    for place, floor in enumerate(pieces.floors):
        if floor is None:
            continue
        path: Path = ("floors", place)
        if ids[floor.id] > 1:
            yield Finding((*path, "id"), "doubled_id", f"two floors are called `{floor.id}`")
        if None not in pieces.indicators.values() and not can_hold(
            floor.when, pieces.lines, applies
        ):
            message = "this floor can never fire: nothing can meet its condition"
            yield Finding((*path, "when"), "floor_unreachable", message)
    if None not in pieces.floors:
        yield from check_harm(pieces)


def check_harm(pieces: Draft) -> Iterator[Finding]:
    named = {name for floor in pieces.floors if floor for name in names(floor, pieces.lines)}
    for line in pieces.lines:
        if line.kind == "harm" and line.id not in named:
            message = f"no floor names `{line.id}`: harm acts through a floor, never points alone"
            yield Finding(("indicators", line.id), "harm_without_floor", message)


def names(floor: Floor, lines: tuple[Indicator, ...]) -> Iterator[str]:
    for _, leaf in leaves(floor.when, ()):
        if isinstance(leaf, Present):
            yield from leaf.indicators
            yield from (line.id for line in lines if line.kind == leaf.kind)


def can_hold(condition: Condition, lines: tuple[Indicator, ...], applies: AgeLimits) -> bool:
    """Whether some evidence meets it; parts are taken by themselves."""
    match condition:
        case All(parts):
            return all(can_hold(part, lines, applies) for part in parts)
        case Any(parts):
            return any(can_hold(part, lines, applies) for part in parts)
        case CodeIs():
            return True
        case AgeBelow(years):
            return years > (applies.from_ or 0)
        case SinglePointsFrom(points):
            return any(line.most >= points for line in lines)
        case Present(indicators, kind, within):
            named = [line for line in lines if line.id in indicators or line.kind == kind]
            known = {line.id for line in lines}
            return not known.issuperset(indicators) or any(
                can_be_present(line, within) for line in named
            )


def can_be_present(line: Indicator, within: Duration | None) -> bool:
    if isinstance(line.answer, Choice | Number | Age):
        return line.most > 0
    if isinstance(line.answer, FlagEvents) and within is not None:
        youngest = min(window.from_.least_days for window in line.answer.windows)
        return youngest < within.most_days
    return True
