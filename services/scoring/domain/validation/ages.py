"""What the child's age alone settles, at each age that makes a difference."""

from collections.abc import Callable, Iterable, Iterator

from services.scoring.domain.conditions import Leaf, leaves
from services.scoring.domain.engine.truth import Truth, all_hold, any_holds
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    AgeLimits,
    All,
    Any,
    Condition,
    Floor,
    Indicator,
)

ANY_AGE = AgeLimits(None, None)


def ages_that_matter(
    applies: AgeLimits | None, lines: Iterable[Indicator], floors: Iterable[Floor] = ()
) -> list[int]:
    """The first year of each stretch of ages over which neither lines nor floors change.

    Limits that are faulty, or that nobody lies in, limit nothing.
    """
    limits = applies if applies and applies.somebody else ANY_AGE
    turns = {limits.least, *turns_of_lines(lines), *turns_of_floors(floors)}
    return sorted(filter(limits.hold, turns))


def turns_of_lines(lines: Iterable[Indicator]) -> Iterator[int]:
    for line in lines:
        yield from years_in(line.when)
        if isinstance(line.answer, Age):
            yield from (each.from_ for each in line.answer.ranges if each.from_ is not None)


def turns_of_floors(floors: Iterable[Floor]) -> Iterator[int]:
    for floor in floors:
        yield from years_in(floor.when)


def years_in(condition: Condition | None) -> Iterator[int]:
    return (leaf.years for _, leaf in leaves(condition) if isinstance(leaf, AgeBelow))


def settled(condition: Condition | None, age: int | None, ask: Callable[[Leaf], Truth]) -> Truth:
    """Whether it holds at an age, or at one that nobody knows; all but the age is asked for."""
    match condition:
        case None:
            return True
        case All(parts):
            return all_hold(settled(part, age, ask) for part in parts)
        case Any(parts):
            return any_holds(settled(part, age, ask) for part in parts)
        case AgeBelow(years):
            return None if age is None else age < years
        case leaf:
            return ask(leaf)


def points_at(answer: Age, age: int) -> int:
    """0 where its ranges leave a gap, which is a fault of its own."""
    return next((each.points for each in answer.ranges if each.holds(age)), 0)
