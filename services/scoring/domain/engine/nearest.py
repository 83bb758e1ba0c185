"""The nearest single answer that would change the band."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from services.scoring.domain.engine.contribution import Contribution, Contributions
from services.scoring.domain.engine.plan import Plan, plan_of
from services.scoring.domain.engine.readings import Reading
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.standing import (
    GroupLine,
    Standing,
    band_with,
    combine,
    fired,
    highest,
    limited,
)
from services.scoring.domain.engine.suppose import each_answer, with_answer


class NearestChange(NamedTuple):
    """An answer, given today, and the total (scaled) and band (its place) it would lead to."""

    code: str
    answer: str
    total: int
    band: int | None


Changed = Mapping[int, Contribution]
"""By place in the model's indicators."""


class Candidate(NamedTuple):
    """An answer that would change something; the nearest sorts first.

    That is the one that moves the total least; of two that move it alike, the one that raises it,
    then by name.
    """

    distance: int
    falls: bool
    code: str
    answer: str
    total: int
    reading: Reading
    changed: Changed


def nearest_change(score: Score) -> NearestChange | None:
    """Of all single answers that would change the band, the nearest."""
    standing = score.standing
    if standing is None:
        return None
    plan = plan_of(score.model)
    for each in sorted(candidates(plan, score, standing)):
        band = band_after(each, plan, score, standing)
        if band != standing.band:
            return NearestChange(each.code, each.answer, each.total, band)
    return None


def candidates(plan: Plan, score: Score, standing: Standing) -> Iterator[Candidate]:
    before, weighers = score.contributions, plan.weighers
    groups = {line.group: line for line in standing.sums.groups}
    for reading, answer, seen in each_answer(score.seen, plan.readings.values()):
        changed = {}
        for place in reading.indicators:
            after = weighers[place](seen)
            if after is not before[place]:
                changed[place] = after
        if changed or reading.asked:
            moved = difference(plan, before, changed, groups)
            total = standing.total + moved
            yield Candidate(abs(moved), moved < 0, reading.code, answer, total, reading, changed)


def difference(
    plan: Plan, before: Contributions, changed: Changed, groups: Mapping[str, GroupLine]
) -> int:
    """By how much the total differs when only these lines do."""
    found = 0
    moved: dict[str, int] = {}
    for place, after in changed.items():
        more = after.points - before[place].points
        name = after.indicator.group
        if name is None:
            found += more
        elif more:
            moved[name] = moved.get(name, 0) + more
    for name, more in moved.items():
        found += points_of_group(plan, groups[name], more, before, changed) - groups[name].points
    return found


def points_of_group(
    plan: Plan, line: GroupLine, more: int, before: Contributions, changed: Changed
) -> int:
    """The points of a group once the sum of its members differs by `more`."""
    group = plan.model.groups[line.group]
    if group.combine == "sum":
        return limited(group, line.members + more)
    members = plan.model.members[line.group]
    return combine(group, [changed.get(place, before[place]).points for place in members])


def band_after(each: Candidate, plan: Plan, score: Score, standing: Standing) -> int | None:
    """Floors that can't see the code stay as they are; most look at the lines alone."""
    after = with_changes(score.contributions, each.changed)
    seen, lifted = score.seen, standing.band_from_floors
    if each.reading.asked:
        seen = with_answer(seen, each.code, each.answer)
    if each.reading.floors:
        lifted = highest(plan.model, fired(plan, after, seen))
    return band_with(plan, after, each.total, lifted, seen)


def with_changes(contributions: Contributions, changed: Changed) -> Contributions:
    found = list(contributions)
    for place, contribution in changed.items():
        found[place] = contribution
    return tuple(found)
