"""The nearest single answer that would change the band."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import Contributions, combine, headline_with, limited
from services.scoring.domain.engine.suppose import possible_answers, with_answer
from services.scoring.domain.engine.weighing import weigh
from services.scoring.domain.model import Model


class NearestChange(NamedTuple):
    """An answer, given today, and the total (scaled) and band (its place) it would lead to."""

    code: str
    answer: str
    total: int
    band: int | None


Changed = Mapping[int, Contribution]
"""By place in the model's indicators."""


class Candidate(NamedTuple):
    """An answer that would change something, and what the lines that read it would give."""

    total: int
    code: str
    answer: str
    seen: Seen
    changed: Changed


def nearest_change(score: Score) -> NearestChange | None:
    """Of all single answers that would change the band the one that moves the total least.

    Of two that move it alike, the one that raises it, then by name.
    """
    standing = score.standing
    if standing is None:
        return None

    def distance(each: Candidate) -> tuple[int, bool, str, str]:
        moved = each.total - standing.total
        return abs(moved), moved < 0, each.code, each.answer

    for each in sorted(candidates(score, standing.total), key=distance):
        after = with_changes(score.contributions, each.changed)
        band = headline_with(score.model, after, each.total, each.seen).band
        if band != standing.band:
            return NearestChange(each.code, each.answer, each.total, band)
    return None


def with_changes(contributions: Contributions, changed: Changed) -> Contributions:
    found = list(contributions)
    for place, contribution in changed.items():
        found[place] = contribution
    return tuple(found)


def candidates(score: Score, total: int) -> Iterator[Candidate]:
    model, before = score.model, score.contributions
    for code, places in model.readers.items():
        for answer in possible_answers(model, code):
            seen = with_answer(score.seen, code, answer)
            changed = {place: weigh(model.indicators[place], seen) for place in places}
            if code in model.watched or matters(before, changed):
                moved = difference(model, score, changed)
                yield Candidate(total + moved, code, answer, seen, changed)


def matters(before: Contributions, changed: Changed) -> bool:
    for place, after in changed.items():  # noqa: SIM110 - quicker than `any` over one or two
        if after.outcome != before[place].outcome:
            return True
    return False


def difference(model: Model, score: Score, changed: Changed) -> int:
    """By how much the total differs when only these lines do."""
    before, found = score.contributions, 0
    moved: dict[str, int] = {}
    for place, after in changed.items():
        more = after.points - before[place].points
        name = after.indicator.group
        if name is None:
            found += more
        elif more:
            moved[name] = moved.get(name, 0) + more
    for name, more in moved.items():
        found += group_difference(model, name, more, before, changed)
    return found


def group_difference(
    model: Model, name: str, more: int, before: Contributions, changed: Changed
) -> int:
    """By how much the points of a group differ when the sum of its members does by `more`."""
    group = model.groups[name]
    old = [before[place].points for place in model.members[name]]
    if group.combine == "sum":
        together = sum(old)
        return limited(group, together + more) - limited(group, together)
    new = [changed.get(place, before[place]).points for place in model.members[name]]
    return combine(group, new) - combine(group, old)
