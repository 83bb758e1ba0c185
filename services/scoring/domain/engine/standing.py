"""From the indicators' points to total, interval, band and status (DESIGN 4, "Points and band")."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.scoring.domain.engine.conditions import holds
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.model import Band, Floor, Group, Model, Status

Contributions = tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """What a group makes of its members; `taken_away` is 0 or less."""

    group: str
    members: int
    points: int

    @property
    def taken_away(self) -> int:
        return self.points - self.members


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the points put the child. Bands are places in the model's rising order; None: none."""

    total: int
    low: int
    high: int
    groups: tuple[GroupLine, ...]
    fired: tuple[Floor, ...]
    possible: tuple[Floor, ...]
    band_from_points: int | None
    band_from_floors: int | None
    band: int | None
    band_low: int | None
    band_high: int | None
    status: Status


def stand(model: Model, contributions: Contributions, seen: Seen) -> Standing:
    groups = tuple(group_line(group, contributions) for group in model.groups.values())
    total = together(model, contributions, [each.points for each in contributions])
    low = together(model, contributions, [each.least for each in contributions])
    high = together(model, contributions, [each.most for each in contributions])
    weighed = {each.indicator.id: each for each in contributions}
    answers = [(floor, holds(floor.when, seen, weighed)) for floor in model.floors]
    fired = tuple(floor for floor, fires in answers if fires)
    possible = tuple(floor for floor, fires in answers if fires is None)
    status = status_of(model, contributions, seen)
    from_points = None if status == "incomplete" else band_of_points(model.bands, total)
    from_floors = highest(model, fired)
    return Standing(
        total=total,
        low=low,
        high=high,
        groups=groups,
        fired=fired,
        possible=possible,
        band_from_points=from_points,
        band_from_floors=from_floors,
        band=higher(from_points, from_floors),
        band_low=higher(band_of_points(model.bands, low), from_floors),
        band_high=higher(
            band_of_points(model.bands, high), higher(from_floors, highest(model, possible))
        ),
        status=status,
    )


def together(model: Model, contributions: Contributions, values: list[int]) -> int:
    """The sum of the values, members of a group combined first."""
    total = sum(values)
    for group in model.groups.values():
        members = [
            value
            for value, each in zip(values, contributions, strict=True)
            if each.indicator.group == group.id
        ]
        total += combine(group, members) - sum(members)
    return total


def combine(group: Group, values: list[int]) -> int:
    combined = max(values) if group.combine == "max" else sum(values)
    return combined if group.cap is None else min(combined, group.cap)


def group_line(group: Group, contributions: Contributions) -> GroupLine:
    values = [each.points for each in contributions if each.indicator.group == group.id]
    return GroupLine(group.id, sum(values), combine(group, values))


def band_of_points(bands: tuple[Band, ...], points: int) -> int | None:
    """The highest band that begins at or below the points."""
    reached = [
        place for place, band in enumerate(bands) if band.from_ is not None and band.from_ <= points
    ]
    return reached[-1] if reached else None


def highest(model: Model, floors: Iterable[Floor]) -> int | None:
    places = {band.id: place for place, band in enumerate(model.bands)}
    return max((places[floor.band] for floor in floors), default=None)


def higher(first: int | None, second: int | None) -> int | None:
    return max((place for place in (first, second) if place is not None), default=None)


def status_of(model: Model, contributions: Contributions, seen: Seen) -> Status:
    """`complete` when enough is known; never while the date of birth is not."""
    rule = model.completeness
    unknown = {each.indicator.id for each in contributions if each.state == "unknown"}
    needed = len(contributions) if rule.min_known is None else rule.min_known
    if len(contributions) - len(unknown) < needed or not unknown.isdisjoint(rule.required):
        return rule.otherwise
    return "provisional" if seen.age is None else "complete"
