"""The nearest single answer that would change the band."""

from collections.abc import Iterator
from typing import NamedTuple

from services.scoring.domain.engine.readings import Reading
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.suppose import (
    Changed,
    Now,
    band_after,
    changes,
    difference,
    each_answer,
    now_of,
    with_answer,
)


class NearestChange(NamedTuple):
    """An answer, given today, and the total (scaled) and band (its place) it would lead to."""

    code: str
    answer: str
    total: int
    band: int | None


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
    now = now_of(score)
    if now is None:
        return None
    for each in sorted(candidates(now)):
        band = band_of(each, now)
        if band != now.standing.band:
            return NearestChange(each.code, each.answer, each.total, band)
    return None


def candidates(now: Now) -> Iterator[Candidate]:
    for reading, answer, seen in each_answer(now.seen, now.plan.readings.values()):
        changed = changes(now, reading.indicators, seen)
        if changed or reading.asked:
            moved = difference(now, changed)
            total = now.standing.total + moved
            yield Candidate(abs(moved), moved < 0, reading.code, answer, total, reading, changed)


def band_of(each: Candidate, now: Now) -> int | None:
    reading = each.reading
    seen = with_answer(now.seen, each.code, each.answer) if reading.asked else now.seen
    return band_after(now, each.changed, reading.floors, seen)
