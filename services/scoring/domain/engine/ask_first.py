"""Which unknowns could alone change the band, as engine version 1 said (ADR 0015).

It looked at the line and the floors that wait for it, not at what else reads the code.
"""

from collections.abc import Iterator

from services.scoring.domain.conditions import leaves
from services.scoring.domain.engine.conditions import Test
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import band_of_points, higher, limited
from services.scoring.domain.engine.suppose import Now, with_answer
from services.scoring.domain.model import CodeIs, Floor


def could_change_band(each: Contribution, now: Now) -> bool:
    """Whether its most or least points, or a floor that waits for it, would give another band."""
    model, standing = now.plan.model, now.standing
    band = band_now(now)
    for points in (each.least, each.most):
        if points:
            total = standing.total + effect(each, points, now)
            if higher(band_of_points(model, total), standing.band_from_floors) != band:
                return True
    return any(fires_with(each, floor, test, now) for floor, test in that_would_lift(now))


def band_now(now: Now) -> int | None:
    """As if enough were known for the points to count."""
    points = band_of_points(now.plan.model, now.standing.total)
    return higher(points, now.standing.band_from_floors)


def that_would_lift(now: Now) -> Iterator[tuple[Floor, Test]]:
    """The floors that an unknown may yet let fire."""
    band = band_now(now)
    possible = {floor.id for floor in now.standing.possible}
    for floor, test in now.plan.floors:
        if floor.id in possible and higher(now.plan.model.places[floor.band], band) != band:
            yield floor, test


def effect(each: Contribution, points: int, now: Now) -> int:
    """What the total gains if this one, which gives nothing yet, gave so many points."""
    name = each.indicator.group
    if name is None:
        return points
    group = now.plan.model.groups[name]
    line = next(line for line in now.standing.sums.groups if line.group == name)
    if group.combine == "max":
        return limited(group, max(line.highest, points)) - line.points
    return limited(group, line.members + points) - line.points


def fires_with(each: Contribution, floor: Floor, test: Test, now: Now) -> bool:
    """Whether the floor fires once this one is present, or its code has the answer it tests."""
    present = each._replace(state="supposed", points=each.most, present=True)
    weighed = tuple([present if other is each else other for other in now.lines])
    return any(test(seen, weighed) for seen in supposed(each, floor, now.seen))


def supposed(each: Contribution, floor: Floor, seen: Seen) -> Iterator[Seen]:
    yield seen
    code = each.indicator.reads
    for _, leaf in leaves(floor.when):
        if isinstance(leaf, CodeIs) and leaf.code == code:
            yield with_answer(seen, leaf.code, leaf.answer)
