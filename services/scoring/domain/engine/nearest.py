"""The nearest single answer that would change the band."""

from collections.abc import Iterator
from typing import NamedTuple

from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import Contributions, combine, stand
from services.scoring.domain.engine.suppose import possible_answers, weigh_again, with_answer
from services.scoring.domain.model import Model


class NearestChange(NamedTuple):
    """An answer, given today, and the total (scaled) and band (its place) it would lead to."""

    code: str
    answer: str
    total: int
    band: int | None


class Candidate(NamedTuple):
    """An answer that would change something, and what the lines that read it would give."""

    total: int
    code: str
    answer: str
    seen: Seen
    contributions: Contributions


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
        after = stand(score.model, each.contributions, each.seen)
        if after.band != standing.band:
            return NearestChange(each.code, each.answer, after.total, after.band)
    return None


def candidates(score: Score, total: int) -> Iterator[Candidate]:
    model, before = score.model, score.contributions
    for code in model.codes:
        places = model.readers[code]
        for answer in possible_answers(model, code):
            seen = with_answer(score.seen, code, answer)
            after = weigh_again(model, before, places, seen)
            if code in model.watched or any(
                after[place].outcome != before[place].outcome for place in places
            ):
                yield Candidate(
                    total + moved(model, before, after, places), code, answer, seen, after
                )


def moved(
    model: Model, before: Contributions, after: Contributions, places: tuple[int, ...]
) -> int:
    """By how much the total differs when only these lines do."""
    difference = 0
    groups = set()
    for place in places:
        name = model.indicators[place].group
        if name is None:
            difference += after[place].points - before[place].points
        else:
            groups.add(name)
    for name in groups:
        group, members = model.groups[name], model.members[name]
        difference += combine(group, [after[place].points for place in members])
        difference -= combine(group, [before[place].points for place in members])
    return difference
