"""From the indicators' points to total, interval, band and status (DESIGN 4, "Points and band")."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.scoring.domain.engine.contribution import Contributions
from services.scoring.domain.engine.plan import Plan
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.model import Floor, Group, Model, Status


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


def stand(plan: Plan, contributions: Contributions, seen: Seen) -> Standing:
    model = plan.model
    _, states, points, least, most, _, _ = zip(*contributions, strict=True)
    sums = add_up(plan, points, least, most)
    fires, possible = floors(plan, contributions, seen)
    status = status_of(plan, states, seen)
    from_points = None if status == "incomplete" else band_of_points(model, sums.total)
    from_floors = highest(model, fires)
    could_reach = higher(from_floors, highest(model, possible))
    return Standing(
        sums=sums,
        fired=fires,
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


def headline_with(plan: Plan, contributions: Contributions, seen: Seen) -> Headline:
    total = together(plan, [each.points for each in contributions])
    fires = fired(plan, contributions, seen)
    band = band_with(plan, contributions, total, highest(plan.model, fires), seen)
    return Headline(total, band, fires)


def band_with(
    plan: Plan, contributions: Contributions, total: int, from_floors: int | None, seen: Seen
) -> int | None:
    """The band of these points and floors; points alone give none while too little is known."""
    if (
        plan.model.completeness.otherwise == "incomplete"
        and status_of(plan, [each.state for each in contributions], seen) == "incomplete"
    ):
        return from_floors
    return higher(band_of_points(plan.model, total), from_floors)


# Points

Values = Sequence[int]
"""A number of each indicator, by its place."""


def add_up(plan: Plan, points: Values, least: Values, most: Values) -> Sums:
    lines = tuple([group_line(group, pick(points)) for group, pick in plan.groups])
    total = sum(plan.alone(points)) + sum(line.points for line in lines)
    low = total if least == points else together(plan, least)
    high = total if most == points else together(plan, most)
    return Sums(total, low, high, lines)


def together(plan: Plan, values: Values) -> int:
    """What the lines in no group give, and what each group makes of its own."""
    total = sum(plan.alone(values))
    for group, pick in plan.groups:
        total += combine(group, pick(values))
    return total


def group_line(group: Group, members: Values) -> GroupLine:
    added, most = sum(members), max(members)
    points = limited(group, most if group.combine == "max" else added)
    return GroupLine(group.id, added, most, points)


def combine(group: Group, values: Values) -> int:
    return limited(group, max(values) if group.combine == "max" else sum(values))


def limited(group: Group, points: int) -> int:
    return points if group.cap is None else min(points, group.cap)


# Bands


def floors(
    plan: Plan, contributions: Contributions, seen: Seen
) -> tuple[tuple[Floor, ...], tuple[Floor, ...]]:
    """Those that have fired, and those that wait for something unknown."""
    fired, possible = [], []
    for floor, test in plan.floors:
        fires = test(seen, contributions)
        if fires is None:
            possible.append(floor)
        elif fires:
            fired.append(floor)
    return tuple(fired), tuple(possible)


def fired(plan: Plan, contributions: Contributions, seen: Seen) -> tuple[Floor, ...]:
    return tuple([floor for floor, test in plan.floors if test(seen, contributions)])


def band_of_points(model: Model, points: int) -> int | None:
    """The highest band that begins at or below the points."""
    found = None
    for least, place in model.band_starts:
        if least <= points:
            found = place
    return found


def highest(model: Model, floors: Iterable[Floor]) -> int | None:
    return max([model.places[floor.band] for floor in floors], default=None)


def higher(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)


# Status


def status_of(plan: Plan, states: Sequence[str], seen: Seen) -> Status:
    """`complete` when enough is known; never while the date of birth is not."""
    if not is_enough(plan, states):
        return plan.model.completeness.otherwise
    return "provisional" if seen.age is None else "complete"


def is_enough(plan: Plan, states: Sequence[str]) -> bool:
    """Whether what is required is known, and as many indicators as the model asks for, or all."""
    known = len(states) - states.count("unknown")
    least = plan.model.completeness.min_known
    if known < (len(states) if least is None else least):
        return False
    return not any(states[place] == "unknown" for place in plan.required)
