"""Which answers a code may have, and what in a model can see them."""

from collections.abc import Iterator
from typing import NamedTuple

from services.scoring.domain import amounts
from services.scoring.domain.conditions import Leaf, leaves
from services.scoring.domain.evidence import NO, YES
from services.scoring.domain.model import AgeBelow, CodeIs, Model, Number, Present, SinglePointsFrom


class Reading(NamedTuple):
    """A code as a model reads it; indicators and floors by their place in the model.

    `floors` can fire or not by its answers; `asked` says that one looks at the evidence itself, so
    that it may even where no indicator changes.
    """

    code: str
    answers: tuple[str, ...]
    indicators: tuple[int, ...]
    floors: frozenset[int]
    asked: bool


def readings(model: Model) -> dict[str, Reading]:
    return {
        code: Reading(
            code,
            tuple(possible_answers(model, code)),
            places,
            floors_seeing(model, code, places),
            code in model.watched,
        )
        for code, places in model.readers.items()
    }


def floors_seeing(model: Model, code: str, places: tuple[int, ...]) -> frozenset[int]:
    """The floors that can see a code which these indicators read."""
    return frozenset(
        number
        for number, floor in enumerate(model.floors)
        if any(sees(leaf, model, code, places) for _, leaf in leaves(floor.when))
    )


def sees(leaf: Leaf, model: Model, code: str, places: tuple[int, ...]) -> bool:
    lines = [model.indicators[place] for place in places]
    match leaf:
        case CodeIs():
            return leaf.code == code
        case AgeBelow():
            return False
        case Present(names, kind):
            return any(line.id in names or line.kind == kind for line in lines)
        case SinglePointsFrom(points):
            return any(line.most >= points for line in lines)


def possible_answers(model: Model, code: str) -> Iterator[str]:
    """Every known answer that could make a difference; of a range of numbers, one in it."""
    read = model.codes[code]
    if read.kind == "yes_no":
        yield from (YES, NO)
    elif read.kind == "choice":
        yield from sorted(read.options)
    else:
        yield from sorted({amounts.write(each, 6) for each in numbers(model, code)})


def numbers(model: Model, code: str) -> Iterator[int]:
    """In millionths: the start of each range, and of the lowest its last value."""
    for place in model.readers[code]:
        line = model.indicators[place]
        if isinstance(line.answer, Number) and line.reads == code:
            for each in line.answer.ranges:
                if each.from_ is not None:
                    yield each.from_
                else:
                    yield 0 if each.below is None or each.below > 0 else each.below - 1
