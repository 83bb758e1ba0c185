"""What to ask next: unknowns that alone could change the band first, then the widest."""

from dataclasses import dataclass, replace

from services.scoring.domain.engine.conditions import holds
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import (
    Contributions,
    Standing,
    band_of_points,
    combine,
    higher,
    highest,
)
from services.scoring.domain.model import Floor, Model


@dataclass(frozen=True, slots=True)
class Unknown:
    """An indicator nobody could answer yet, and whether it alone could change the band."""

    contribution: Contribution
    could_change_band: bool


def ask_next(
    model: Model, contributions: Contributions, standing: Standing, seen: Seen
) -> tuple[Unknown, ...]:
    unknowns = [
        Unknown(each, could_change_band(each, model, contributions, standing, seen))
        for each in contributions
        if each.state == "unknown"
    ]
    return tuple(sorted(unknowns, key=urgency))


def urgency(unknown: Unknown) -> tuple[object, ...]:
    each = unknown.contribution
    return not unknown.could_change_band, each.least - each.most, each.indicator.id


def could_change_band(
    each: Contribution, model: Model, contributions: Contributions, standing: Standing, seen: Seen
) -> bool:
    """Whether its most or least points, or a floor that waits for it, would give another band."""
    now = higher(band_of_points(model.bands, standing.total), standing.band_from_floors)
    for points in {each.least, each.most} - {0}:
        total = standing.total + effect(each, points, model, contributions)
        if higher(band_of_points(model.bands, total), standing.band_from_floors) != now:
            return True
    waiting = [floor for floor in standing.possible if (highest(model, [floor]) or 0) > (now or 0)]
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
    present = replace(each, state="supposed", points=each.most, present=True)
    weighed = {other.indicator.id: other for other in contributions} | {each.indicator.id: present}
    return holds(floor.when, seen, weighed) is True
