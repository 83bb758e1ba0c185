"""What to ask next: the unknowns, those that alone could change the band first."""

from collections.abc import Iterator
from typing import NamedTuple

from services.scoring.domain.conditions import leaves
from services.scoring.domain.engine.conditions import Test
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.plan import plan_of
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import Standing, band_of_points, higher, limited
from services.scoring.domain.engine.suppose import with_answer
from services.scoring.domain.model import CodeIs, Floor, Model


class Unknown(NamedTuple):
    """An indicator nobody could answer yet, and whether it alone could change the band."""

    contribution: Contribution
    could_change_band: bool


Waiting = list[tuple[Floor, Test]]
"""The floors that an unknown may yet let fire."""


def ask_next(score: Score) -> tuple[Unknown, ...]:
    """First those that alone could change the band, then by most less least."""
    standing = score.standing
    if standing is None:
        return ()
    waiting = that_would_lift(score.model, standing)
    unknowns = [
        Unknown(each, could_change_band(each, score, standing, waiting))
        for each in score.contributions
        if each.state == "unknown"
    ]
    return tuple(sorted(unknowns, key=urgency))


def urgency(unknown: Unknown) -> tuple[bool, int, str]:
    each = unknown.contribution
    return not unknown.could_change_band, each.least - each.most, each.indicator.id


def band_now(model: Model, standing: Standing) -> int | None:
    """As if enough were known for the points to count."""
    return higher(band_of_points(model, standing.total), standing.band_from_floors)


def that_would_lift(model: Model, standing: Standing) -> Waiting:
    now = band_now(model, standing)
    possible = {floor.id for floor in standing.possible}
    return [
        (floor, test)
        for floor, test in plan_of(model).floors
        if floor.id in possible and higher(model.places[floor.band], now) != now
    ]


def could_change_band(
    each: Contribution, score: Score, standing: Standing, waiting: Waiting
) -> bool:
    """Whether its most or least points, or a floor that waits for it, would give another band."""
    model = score.model
    now = band_now(model, standing)
    for points in (each.least, each.most):
        if points:
            total = standing.total + effect(each, points, model, standing)
            if higher(band_of_points(model, total), standing.band_from_floors) != now:
                return True
    return any(fires_with(each, floor, test, score) for floor, test in waiting)


def effect(each: Contribution, points: int, model: Model, standing: Standing) -> int:
    """What the total gains if this one, which gives nothing yet, gave so many points."""
    name = each.indicator.group
    if name is None:
        return points
    group = model.groups[name]
    line = next(line for line in standing.sums.groups if line.group == name)
    if group.combine == "max":
        return limited(group, max(line.highest, points)) - line.points
    return limited(group, line.members + points) - line.points


def fires_with(each: Contribution, floor: Floor, test: Test, score: Score) -> bool:
    """Whether the floor fires once this one is present, or its code has the answer it tests."""
    present = each._replace(state="supposed", points=each.most, present=True)
    weighed = tuple([present if other is each else other for other in score.contributions])
    return any(test(seen, weighed) for seen in supposed(each, floor, score.seen))


def supposed(each: Contribution, floor: Floor, seen: Seen) -> Iterator[Seen]:
    yield seen
    code = each.indicator.reads
    for _, leaf in leaves(floor.when):
        if isinstance(leaf, CodeIs) and leaf.code == code:
            yield with_answer(seen, leaf.code, leaf.answer)
