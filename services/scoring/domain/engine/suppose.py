"""What if: one more answer. Only what it touches is weighed again."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from services.scoring.domain.engine.contribution import Contributions
from services.scoring.domain.engine.plan import Plan
from services.scoring.domain.engine.readings import Reading
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.evidence import Observation


def with_answer(seen: Seen, code: str, answer: str) -> Seen:
    """As if somebody gave this answer today."""
    given = statement(code, answer, seen.as_of)
    known = {**seen.known, code: [*seen.known.get(code, ()), given]}
    return seen._replace(known=known, not_understood=[])


def each_answer(seen: Seen, readings: Iterable[Reading]) -> Iterator[tuple[Reading, str, Seen]]:
    """As `with_answer` for every answer there is, one after another.

    What is seen is lent until the next answer: there are dozens, and none is kept.
    """
    today, known = seen.as_of, dict(seen.known)
    supposed = seen._replace(known=known, not_understood=[])
    for reading in readings:
        code = reading.code
        before = seen.known.get(code, [])
        for answer in reading.answers:
            known[code] = [*before, statement(code, answer, today)]
            yield reading, answer, supposed
        if before:
            known[code] = before
        else:
            del known[code]


@lru_cache(maxsize=4096)
def statement(code: str, answer: str, on: date) -> Observation:
    """Nobody's; made once a day, as every child is asked what if."""
    return Observation(code, answer, on, None, None, "", "", "", 0)


def weigh_again(
    plan: Plan, contributions: Contributions, places: Iterable[int], seen: Seen
) -> Contributions:
    """The contributions with the lines at these places taken anew."""
    found = list(contributions)
    for place in places:
        found[place] = plan.weighers[place](seen)
    return tuple(found)
