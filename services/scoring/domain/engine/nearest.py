"""The nearest single answer that would change the band."""

from collections.abc import Iterator
from typing import NamedTuple

from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.standing import Standing, stand
from services.scoring.domain.engine.suppose import possible_answers, weigh_again, with_answer


class NearestChange(NamedTuple):
    """An answer, given today, and the total (scaled) and band (its place) it would lead to."""

    code: str
    answer: str
    total: int
    band: int | None


def nearest_change(score: Score) -> NearestChange | None:
    """Of all single answers that would change the band the one that moves the total least.

    Of two that move it alike, the one that raises it, then by name.
    """
    standing = score.standing
    if standing is None:
        return None
    return min(
        (each for each in single_answers(score, standing) if each.band != standing.band),
        default=None,
        key=lambda each: (
            abs(each.total - standing.total),
            each.total < standing.total,
            each.code,
            each.answer,
        ),
    )


def single_answers(score: Score, standing: Standing) -> Iterator[NearestChange]:
    for code in score.model.codes:
        for answer in possible_answers(score.model, code):
            after = standing_with(code, answer, score, standing)
            yield NearestChange(code, answer, after.total, after.band)


def standing_with(code: str, answer: str, score: Score, standing: Standing) -> Standing:
    model, before = score.model, score.contributions
    supposed = with_answer(score.seen, code, answer)
    places = model.readers[code]
    after = weigh_again(model, before, places, supposed)
    if code not in model.watched and all(
        after[place].outcome == before[place].outcome for place in places
    ):
        return standing
    return stand(model, after, supposed)
