"""From the indicators' points to total, interval, band and status (DESIGN 4, "Points and band")."""

from collections.abc import Iterable
from typing import NamedTuple

from services.scoring.domain.engine.conditions import holds
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.model import Floor, Group, Model, Status

Contributions = tuple[Contribution, ...]


class GroupLine(NamedTuple):
    """What a group makes of its members; `taken_away` is 0 or less."""

    group: str
    members: int
    highest: int
    points: int

    @property
    def taken_away(self) -> int:
        return self.points - self.members


class Sums(NamedTuple):
    """Points with groups applied: as known, and with every unknown at its least and its most."""

    total: int
    low: int
    high: int
    groups: tuple[GroupLine, ...]


class Standing(NamedTuple):
    """Where the points put the child. Bands are places in the model's rising order; None: none."""

    sums: Sums
    fired: tuple[Floor, ...]
    possible: tuple[Floor, ...]
    band_from_points: int | None
    band_from_floors: int | None
    band: int | None
    band_low: int | None
    band_high: int | None
    status: Status

    @property
    def total(self) -> int:
        return self.sums.total


def stand(model: Model, contributions: Contributions, seen: Seen) -> Standing:
    sums = add_up(model, contributions)
    fired, possible = floors(model, contributions, seen)
    status = status_of(model, contributions, seen)
    from_points = None if status == "incomplete" else band_of_points(model, sums.total)
    from_floors = highest(model, fired)
    could_reach = higher(from_floors, highest(model, possible))
    return Standing(
        sums=sums,
        fired=fired,
        possible=possible,
        band_from_points=from_points,
        band_from_floors=from_floors,
        band=higher(from_points, from_floors),
        band_low=higher(band_of_points(model, sums.low), from_floors),
        band_high=higher(band_of_points(model, sums.high), could_reach),
        status=status,
    )


class Headline(NamedTuple):
    """Total, band and the floors that fired, as a `Standing` has them."""

    total: int
    band: int | None
    fired: tuple[Floor, ...]


def headline_with(model: Model, contributions: Contributions, total: int, seen: Seen) -> Headline:
    """Where the total is known already."""
    fired, _ = floors(model, contributions, seen)
    can_withhold = model.completeness.otherwise == "incomplete"
    withheld = can_withhold and status_of(model, contributions, seen) == "incomplete"
    from_points = None if withheld else band_of_points(model, total)
    return Headline(total, higher(from_points, highest(model, fired)), fired)


# Points


def add_up(model: Model, contributions: Contributions) -> Sums:
    points = [each.points for each in contributions]
    least = [each.least for each in contributions]
    most = [each.most for each in contributions]
    total = together(model, points)
    low = total if least == points else together(model, least)
    high = total if most == points else together(model, most)
    lines = tuple(
        group_line(model.groups[name], [points[place] for place in places])
        for name, places in model.members.items()
    )
    return Sums(total, low, high, lines)


def together(model: Model, values: list[int]) -> int:
    """The sum of every indicator's points, less what the groups take away."""
    total = sum(values)
    for name, places in model.members.items():
        members = [values[place] for place in places]
        total += combine(model.groups[name], members) - sum(members)
    return total


def group_line(group: Group, points: list[int]) -> GroupLine:
    return GroupLine(group.id, sum(points), max(points), combine(group, points))


def combine(group: Group, values: list[int]) -> int:
    return limited(group, max(values) if group.combine == "max" else sum(values))


def limited(group: Group, points: int) -> int:
    return points if group.cap is None else min(points, group.cap)


# Bands


def floors(
    model: Model, contributions: Contributions, seen: Seen
) -> tuple[tuple[Floor, ...], tuple[Floor, ...]]:
    """Those that have fired, and those that wait for something unknown."""
    if not model.floors:
        return (), ()
    weighed = dict(zip(model.ids, contributions, strict=True))
    fired, possible = [], []
    for floor in model.floors:
        fires = holds(floor.when, seen, weighed)
        if fires is None:
            possible.append(floor)
        elif fires:
            fired.append(floor)
    return tuple(fired), tuple(possible)


def band_of_points(model: Model, points: int) -> int | None:
    """The highest band that begins at or below the points."""
    found = None
    for least, place in model.band_starts:
        if least <= points:
            found = place
    return found


def highest(model: Model, floors: Iterable[Floor]) -> int | None:
    return max((model.places[floor.band] for floor in floors), default=None)


def higher(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)


# Status


def status_of(model: Model, contributions: Contributions, seen: Seen) -> Status:
    """`complete` when enough is known; never while the date of birth is not."""
    rule = model.completeness
    unknown = [each.indicator.id for each in contributions if each.state == "unknown"]
    needed = len(contributions) if rule.min_known is None else rule.min_known
    if len(contributions) - len(unknown) < needed or not set(rule.required).isdisjoint(unknown):
        return rule.otherwise
    return "provisional" if seen.age is None else "complete"
