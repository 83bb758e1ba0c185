"""Which answers a code may have, which ages a child, and what in a model can see them."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from services.scoring.domain import amounts
from services.scoring.domain.conditions import Leaf, leaves
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.day import windows
from services.scoring.domain.evidence import NO, YES
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    CodeIs,
    Count,
    FlagEvents,
    Indicator,
    Model,
    Number,
    Present,
    Range,
    SinglePointsFrom,
)


class Reading(NamedTuple):
    """A code as a model reads it; indicators and floors by their place in the model.

    `floors` can fire or not by its answers; `asked` says that one looks at the evidence itself, so
    that it may even where no indicator changes. `alone` is the only indicator that has to do with
    the code, where nothing else asks for its answer. `events` are those that take it for something
    that happens, each from an age in `starts` on.
    """

    code: str
    answers: tuple[str, ...]
    indicators: tuple[int, ...]
    floors: frozenset[int]
    asked: bool
    alone: bool
    events: tuple[int, ...]
    starts: tuple[Duration, ...]


class Ages(NamedTuple):
    """The child's age as a model reads it: an age of each stretch in which nothing differs."""

    years: tuple[int, ...]
    indicators: tuple[int, ...]
    floors: frozenset[int]


def readings(model: Model) -> dict[str, Reading]:
    return {code: reading(model, code, places) for code, places in model.readers.items()}


def reading(model: Model, code: str, places: tuple[int, ...]) -> Reading:
    asked = code in model.watched
    tested = asked or any(tests(model, code))
    events = tuple(place for place in places if happens(model.indicators[place], code))
    starts = {
        window.from_ for place in events for window in windows(model.indicators[place].answer)
    }
    return Reading(
        code=code,
        answers=tuple(possible_answers(model, code)),
        indicators=places,
        floors=floors_seeing(model, code, places),
        asked=asked,
        alone=len(places) == 1 and not tested,
        events=events,
        starts=tuple(sorted(starts)),
    )


def happens(line: Indicator, code: str) -> bool:
    return line.reads == code and isinstance(line.answer, FlagEvents | Count)


def ages(model: Model) -> Ages:
    places = model.age_readers
    return Ages(tuple(possible_ages(model)), places, floors_seeing(model, None, places))


def floors_seeing(model: Model, code: str | None, places: tuple[int, ...]) -> frozenset[int]:
    """The floors that can see a code which these indicators read; None stands for the age."""
    return frozenset(
        number
        for number, floor in enumerate(model.floors)
        if any(sees(leaf, model, code, places) for _, leaf in leaves(floor.when))
    )


def sees(leaf: Leaf, model: Model, code: str | None, places: tuple[int, ...]) -> bool:
    lines = [model.indicators[place] for place in places]
    match leaf:
        case CodeIs():
            return leaf.code == code
        case AgeBelow():
            return code is None
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
        tested = {amounts.parse_number(leaf.answer) for leaf in tests(model, code)}
        found = {number_in(each, tested) for each in ranges(model, code)} | tested
        yield from sorted({amounts.write(each, 6) for each in found})


def possible_ages(model: Model) -> Iterator[int]:
    """Of those that the model applies to, the first of each stretch."""
    starts = {model.applies.least}
    starts.update(leaf.years for leaf in all_leaves(model) if isinstance(leaf, AgeBelow))
    for line in model.indicators:
        if isinstance(line.answer, Age):
            starts.update(each.from_ for each in line.answer.ranges if each.from_ is not None)
    yield from filter(model.applies.hold, sorted(starts))


def tests(model: Model, code: str) -> Iterator[CodeIs]:
    """The conditions that ask for one answer under a code."""
    for leaf in all_leaves(model):
        if isinstance(leaf, CodeIs) and leaf.code == code:
            yield leaf


def all_leaves(model: Model) -> Iterator[Leaf]:
    """Those of every condition in the model."""
    conditions = [*(line.when for line in model.indicators), *(each.when for each in model.floors)]
    for condition in conditions:
        for _, leaf in leaves(condition):
            yield leaf


def ranges(model: Model, code: str) -> Iterator[Range]:
    for place in model.readers[code]:
        line = model.indicators[place]
        if isinstance(line.answer, Number) and line.reads == code:
            yield from line.answer.ranges


def number_in(each: Range, tested: Container[int]) -> int:
    """The start of a range, and of the lowest its last value, in millionths; or the next one that
    no condition asks for."""
    step = 1
    if each.from_ is not None:
        number = each.from_
    elif each.below is None or each.below > 0:
        number = 0
    else:
        number, step = each.below - 1, -1
    while number in tested:
        number += step
    return number
