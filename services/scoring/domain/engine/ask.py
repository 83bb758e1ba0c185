"""What to ask next: the unknowns, those that alone could change the band first."""

from typing import NamedTuple

from services.scoring.domain.conditions import leaves
from services.scoring.domain.engine.conditions import holds
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import (
    Contributions,
    Standing,
    band_of_points,
    combine,
    higher,
)
from services.scoring.domain.engine.suppose import with_answer
from services.scoring.domain.model import CodeIs, Floor, Model


class Unknown(NamedTuple):
    """An indicator nobody could answer yet, and whether it alone could change the band."""

    contribution: Contribution
    could_change_band: bool


def ask_next(
    model: Model, contributions: Contributions, standing: Standing, seen: Seen
) -> tuple[Unknown, ...]:
    """First those that alone could change the band, then by most less least."""
    unknowns = [
        Unknown(each, could_change_band(each, model, contributions, standing, seen))
        for each in contributions
        if each.state == "unknown"
    ]
    return tuple(sorted(unknowns, key=urgency))


def urgency(unknown: Unknown) -> tuple[bool, int, str]:
    each = unknown.contribution
    return not unknown.could_change_band, each.least - each.most, each.indicator.id


def could_change_band(
    each: Contribution, model: Model, contributions: Contributions, standing: Standing, seen: Seen
) -> bool:
    """Whether its most or least points, or a floor that waits for it, would give another band."""
    now = higher(band_of_points(model, standing.total), standing.band_from_floors)
    for points in (each.least, each.most):
        if points:
            total = standing.total + effect(each, points, model, contributions)
            if higher(band_of_points(model, total), standing.band_from_floors) != now:
                return True
    waiting = [floor for floor in standing.possible if higher(model.places[floor.band], now) != now]
    return any(fires_with(each, floor, contributions, seen) for floor in waiting)


def effect(each: Contribution, points: int, model: Model, contributions: Contributions) -> int:
    """What the total gains if this one gave so many points."""
    name = each.indicator.group
    if name is None:
        return points
    members = [other for other in contributions if other.indicator.group == name]
    before = [other.points for other in members]
    after = [points if other is each else other.points for other in members]
    return combine(model.groups[name], after) - combine(model.groups[name], before)


def fires_with(each: Contribution, floor: Floor, contributions: Contributions, seen: Seen) -> bool:
    """Whether the floor fires once this one is present, or its code has the answer it tests."""
    present = each._replace(state="supposed", points=each.most, present=True)
    weighed = {other.indicator.id: other for other in contributions}
    weighed[each.indicator.id] = present
    code = each.indicator.reads
    tested = [
        leaf.answer
        for _, leaf in leaves(floor.when)
        if isinstance(leaf, CodeIs) and leaf.code == code
    ]
    supposed = [with_answer(seen, str(code), answer) for answer in tested] or [seen]
    return any(holds(floor.when, one, weighed) for one in supposed)
