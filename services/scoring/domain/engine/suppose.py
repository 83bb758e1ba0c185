"""What if: one more answer. Only what it touches is weighed again."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from services.scoring.domain import amounts
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import Contributions
from services.scoring.domain.engine.weighing import weigh
from services.scoring.domain.evidence import NO, YES, Observation
from services.scoring.domain.model import Model, Number


def with_answer(seen: Seen, code: str, answer: str) -> Seen:
    """As if somebody gave this answer today."""
    given = statement(code, answer, seen.as_of)
    return Seen(
        as_of=seen.as_of,
        age=seen.age,
        stale=seen.stale,
        codes=seen.codes,
        known={**seen.known, code: [*seen.known.get(code, ()), given]},
        asked=seen.asked,
        not_understood=[],
        cuts=seen.cuts,
        spans=seen.spans,
    )


@lru_cache(maxsize=4096)
def statement(code: str, answer: str, on: date) -> Observation:
    """Nobody's; made once a day, as every child is asked what if."""
    return Observation(code, answer, on, None, None, "", "", "", 0)


def weigh_again(
    model: Model, contributions: Contributions, places: Iterable[int], seen: Seen
) -> Contributions:
    """The contributions with the lines at these places taken anew."""
    found = list(contributions)
    for place in places:
        found[place] = weigh(model.indicators[place], seen)
    return tuple(found)


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
