"""What if: one more answer, or an age. Only what it touches is weighed again."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from services.scoring.domain.engine.contribution import Contribution, Contributions
from services.scoring.domain.engine.plan import Plan
from services.scoring.domain.engine.readings import Reading
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import (
    GroupLine,
    Standing,
    band_with,
    combine,
    higher,
    limited,
)
from services.scoring.domain.evidence import NO, YES, Observation

Changed = Mapping[int, Contribution]
"""The lines that would be others, by place in the model's indicators."""


# What would be seen


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


def each_event(seen: Seen, reading: Reading) -> Iterator[tuple[str, Seen]]:
    """As if it had happened, or not, by the latest day that a window holds, for each of them."""
    before = seen.known.get(reading.code, ())
    for start in reading.starts:
        for answer in (YES, NO):
            given = statement(reading.code, answer, seen.day.cuts[start])
            known = {**seen.known, reading.code: [*before, given]}
            yield answer, seen._replace(known=known, not_understood=[])


def each_age(seen: Seen, years: Iterable[int]) -> Iterator[Seen]:
    return (seen._replace(age=age, not_understood=[]) for age in years)


@lru_cache(maxsize=4096)
def statement(code: str, answer: str, on: date) -> Observation:
    """Nobody's; made once a day, as every child is asked what if."""
    return Observation(code, answer, on, None, None, "", "", "", 0)


# What that would change


class Now(NamedTuple):
    """A score that stands, and is asked what if. `fired` are its floors by number."""

    plan: Plan
    lines: Contributions
    standing: Standing
    seen: Seen
    fired: frozenset[int]


def now_of(score: Score) -> Now | None:
    """None where the model does not apply."""
    standing = score.standing
    if standing is None:
        return None
    plan = score.plan
    fired = {
        number
        for number, (floor, _) in enumerate(plan.floors)
        if any(floor is each for each in standing.fired)
    }
    return Now(plan, score.contributions, standing, score.seen, frozenset(fired))


def weigh_again(
    plan: Plan, contributions: Contributions, places: Iterable[int], seen: Seen
) -> Contributions:
    """The contributions with the lines at these places taken anew."""
    found = list(contributions)
    for place in places:
        found[place] = plan.weighers[place](seen)
    return tuple(found)


def with_extremes(
    now: Now, changed: Changed, events: Iterable[int], seen: Seen
) -> Iterator[Changed]:
    """Also as if these lines gave the most, or the least, that they can, by however many events.

    Not those that are ruled out, or wait for their condition: whatever is said, they give nothing.
    """
    lines = [(place, changed.get(place, now.lines[place])) for place in events]
    giving = [place for place, line in lines if line.state != "ruled_out" and not waits(line, seen)]
    extremes = now.plan.extremes
    yield {**changed, **{place: extremes[place][0] for place in giving}}
    if any(len(extremes[place]) > 1 for place in giving):
        yield {**changed, **{place: extremes[place][-1] for place in giving}}


def waits(line: Contribution, seen: Seen) -> bool:
    return (
        line.state == "unknown"
        and line.indicator.when is not None
        and line.why(seen).code == "condition_unknown"
    )


def changes(now: Now, places: Iterable[int], seen: Seen) -> Changed:
    changed = {}
    for place in places:
        after = now.plan.weighers[place](seen)
        if after is not now.lines[place]:
            changed[place] = after
    return changed


def difference(now: Now, changed: Changed) -> int:
    """By how much the total differs when only these lines do."""
    found = 0
    moved: dict[str, int] = {}
    for place, after in changed.items():
        more = after.points - now.lines[place].points
        name = after.indicator.group
        if name is None:
            found += more
        elif more:
            moved[name] = moved.get(name, 0) + more
    for line in now.standing.sums.groups if moved else ():
        if more := moved.get(line.group, 0):
            found += points_of_group(now, line, more, changed) - line.points
    return found


def points_of_group(now: Now, line: GroupLine, more: int, changed: Changed) -> int:
    """The points of a group once the sum of its members differs by `more`."""
    group = now.plan.model.groups[line.group]
    if group.combine == "sum":
        return limited(group, line.members + more)
    members = now.plan.model.members[line.group]
    return combine(group, [changed.get(place, now.lines[place]).points for place in members])


def band_after(now: Now, changed: Changed, floors: frozenset[int], seen: Seen) -> int | None:
    """The band with these lines changed, where no floors but these can see that they did."""
    plan = now.plan
    after = list(now.lines)
    for place, line in changed.items():
        after[place] = line
    lines = tuple(after)
    band = band_with(plan, lines, now.standing.total + difference(now, changed), None, seen)
    for number in now.fired - floors:
        band = higher(band, plan.lifts[number])
    for number in floors:
        lifts = plan.lifts[number]
        if (band is None or lifts > band) and plan.floors[number][1](seen, lines):
            band = lifts
    return band
