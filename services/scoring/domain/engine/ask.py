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
    each_event,
    now_of,
    waits,
    with_extremes,
)
from services.scoring.domain.evidence import YES


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
    """Whether an answer of today would, by all that has to do with its code; or what happened, at
    any time and however often."""
    if now.plan.meaning == FIRST:
        return ask_first.could_change_band(each, now)
    code = each.indicator.reads
    if code is None:
        return by_an_age(now)
    reading = now.plan.readings[code]
    if reading.alone:
        return by_its_points(place, each, reading, now)
    return by_an_answer(reading, now) or by_events(reading, now)


def by_its_points(place: int, each: Contribution, reading: Reading, now: Now) -> bool:
    """Which say all, where nothing else has to do with the code."""
    return not waits(each, now.seen) and any(
        changes_band({place: extreme}, reading.floors, now.seen, now)
        for extreme in now.plan.extremes[place]
    )


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


def by_events(reading: Reading, now: Now) -> bool:
    """By one at a time at which it counts, by none then, or by as many as count."""
    for answer, seen in each_event(now.seen, reading):
        changed = changes(now, reading.indicators, seen)
        if changes_band(changed, reading.floors, seen, now):
            return True
        if answer == YES and any(
            changes_band(further, reading.floors, seen, now)
            for further in with_extremes(now, changed, reading.events, seen)
        ):
            return True
    return False


def changes_band(changed: Changed, floors: frozenset[int], seen: Seen, now: Now) -> bool:
    return band_after(now, changed, floors, seen) != now.standing.band
