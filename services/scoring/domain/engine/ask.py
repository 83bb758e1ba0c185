"""What to ask next: the unknowns, those that alone could change the band first."""

from typing import NamedTuple

from services.scoring.domain.engine import ask_first
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.meanings import FIRST
from services.scoring.domain.engine.readings import Reading
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.suppose import (
    Changed,
    Now,
    band_after,
    changes,
    each_age,
    each_answer,
    now_of,
)
from services.scoring.domain.model import Count, FlagEvents


class Unknown(NamedTuple):
    """An indicator nobody could answer yet, and whether it alone could change the band."""

    contribution: Contribution
    could_change_band: bool


def ask_next(score: Score) -> tuple[Unknown, ...]:
    """First those that alone could change the band, then by most less least."""
    now = now_of(score)
    if now is None:
        return ()
    unknowns = [
        Unknown(each, could_change_band(place, each, now))
        for place, each in enumerate(score.contributions)
        if each.state == "unknown"
    ]
    return tuple(sorted(unknowns, key=urgency))


def urgency(unknown: Unknown) -> tuple[bool, int, str]:
    each = unknown.contribution
    return not unknown.could_change_band, each.least - each.most, each.indicator.id


def could_change_band(place: int, each: Contribution, now: Now) -> bool:
    """Whether what it can give would, or an answer of today to all that reads its code."""
    if now.plan.meaning == FIRST:
        return ask_first.could_change_band(each, now)
    line = each.indicator
    if line.reads is None:
        return by_an_age(now)
    reading = now.plan.readings[line.reads]
    alone = reading.indicators == (place,) and not reading.asked
    if alone:
        return by_its_points(place, each, reading, now)
    happens = isinstance(line.answer, FlagEvents | Count)
    return (happens and by_its_points(place, each, reading, now)) or by_an_answer(reading, now)


def by_an_age(now: Now) -> bool:
    ages = now.plan.ages
    return any(
        changes_band(changes(now, ages.indicators, seen), ages.floors, seen, now)
        for seen in each_age(now.seen, ages.years)
    )


def by_an_answer(reading: Reading, now: Now) -> bool:
    return any(
        changes_band(changes(now, reading.indicators, seen), reading.floors, seen, now)
        for _, _, seen in each_answer(now.seen, [reading])
    )


def by_its_points(place: int, each: Contribution, reading: Reading, now: Now) -> bool:
    """By the most or the least that it can give, be it by several events.

    Not where it waits for its condition: whatever is said of it, it gives nothing until then.
    """
    if each.indicator.when is not None and each.why(now.seen).code == "condition_unknown":
        return False
    return any(
        changes_band({place: extreme}, reading.floors, now.seen, now)
        for extreme in now.plan.extremes[place]
    )


def changes_band(changed: Changed, floors: frozenset[int], seen: Seen, now: Now) -> bool:
    return band_after(now, changed, floors, seen) != now.standing.band
