"""Harm acts through floors, and every floor can fire."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from services.scoring.domain.conditions import Leaf, leaves
from services.scoring.domain.engine.truth import Truth
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.model import (
    Age,
    Choice,
    Floor,
    Indicator,
    Number,
    Present,
    SinglePointsFrom,
)
from services.scoring.domain.problems import Finding, Path
from services.scoring.domain.validation.ages import (
    ages_that_matter,
    may_stand,
    points_at,
    settled,
)


def check_floors(pieces: Draft) -> Iterator[Finding]:
    floors = [floor for floor in pieces.floors if floor]
    ids = Counter(floor.id for floor in floors)
    ages = ages_that_matter(pieces.applies, pieces.lines, floors)
    for place, floor in enumerate(pieces.floors):
        if floor is None:
            continue
        path: Path = ("floors", place)
        if ids[floor.id] > 1:
            yield Finding((*path, "id"), "doubled_id", f"two floors are called `{floor.id}`")
        if pieces.has_all_lines and not can_fire(floor, pieces.lines, ages):
            message = "this floor can never fire: no child of any age can meet it all; ask for less"
            yield Finding((*path, "when"), "floor_unreachable", message)
    if None not in pieces.floors:
        yield from check_harm(pieces)


def check_harm(pieces: Draft) -> Iterator[Finding]:
    named = {name for floor in pieces.floors if floor for name in names(floor, pieces.lines)}
    for line in pieces.lines:
        if line.kind == "harm" and line.id not in named:
            message = f"no floor names `{line.id}`: harm acts through a floor, never points alone"
            yield Finding(("indicators", line.id, "kind"), "harm_without_floor", message)


def names(floor: Floor, lines: tuple[Indicator, ...]) -> Iterator[str]:
    for _, leaf in leaves(floor.when, ()):
        if isinstance(leaf, Present):
            yield from leaf.indicators
            yield from (line.id for line in lines if line.kind == leaf.kind)


def can_fire(floor: Floor, lines: tuple[Indicator, ...], ages: Iterable[int]) -> bool:
    """Whether there is an age at which some evidence meets all that it asks for."""
    return any(
        settled(floor.when, age, partial(may_hold, lines=lines, age=age)) is not False
        for age in ages
    )


def may_hold(leaf: Leaf, lines: tuple[Indicator, ...], age: int) -> Truth:
    """False for what nothing can meet at this age."""
    match leaf:
        case SinglePointsFrom(points):
            can = any(may_stand(line, age) and most_at(line, age) >= points for line in lines)
        case Present(indicators, kind):
            named = [line for line in lines if line.id in indicators or line.kind == kind]
            unknown = set(indicators).difference(line.id for line in named)
            can = bool(unknown) or any(can_be_present(line, age) for line in named)
        case _:
            return None
    return None if can else False


def can_be_present(line: Indicator, age: int) -> bool:
    """By evidence as young as you like: what is over by now may have gone on until today."""
    gives_nothing = isinstance(line.answer, Choice | Number | Age) and most_at(line, age) <= 0
    return not gives_nothing and may_stand(line, age)


def most_at(line: Indicator, age: int) -> int:
    return points_at(line.answer, age) if isinstance(line.answer, Age) else line.most
