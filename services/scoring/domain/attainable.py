"""Which points an indicator can give, and to which totals they add up.

What is attainable takes indicators as independent, each with the 0 of not being there, and ignores
`when`.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from services.scoring.domain.model import (
    Age,
    Answer,
    Choice,
    Count,
    Each,
    FlagEvents,
    FlagState,
    Group,
    Indicator,
    Number,
    Range,
    Window,
)


def attainable_points(answer: Answer) -> frozenset[int]:
    """Every number of points the answer can give, with the 0 of not being there."""
    match answer:
        case FlagState(points):
            return frozenset({0, points})
        case FlagEvents(windows):
            return window_sums(windows)
        case Count(weights):
            return each_points(weights) if isinstance(weights, Each) else range_points(weights)
        case Number(ranges) | Age(ranges):
            return range_points(ranges)
        case Choice(options):
            return frozenset({0, *options.values()})


def range_points(ranges: tuple[Range, ...]) -> frozenset[int]:
    return frozenset({0, *(each.points for each in ranges)})


def least_and_most(answer: Answer) -> tuple[int, int]:
    """The bounds of what it can give, nothing included; quick however fine the points are."""
    if isinstance(answer, Count) and isinstance(answer.weights, Each):
        return 0, max(answer.weights.at_most, 0)
    points = attainable_points(answer)
    return min(points), max(points)


def each_points(each: Each) -> frozenset[int]:
    if each.points <= 0:
        return frozenset({0})
    whole = range(0, each.at_most, each.points)
    return frozenset({*whole, each.at_most})


def window_sums(windows: tuple[Window, ...]) -> frozenset[int]:
    """The sums of any events: each falls in one stretch between bounds, and in all its windows."""
    sums = {frozenset[int]()}
    for stretch in stretches(windows):
        sums |= {held | stretch for held in sums}
    return frozenset(sum(windows[index].points for index in held) for held in sums)


def stretches(windows: tuple[Window, ...]) -> set[frozenset[int]]:
    """The sets of windows, by index, that one day can lie in together."""
    ends = sorted({age for window in windows for age in (start(window), end(window))})
    return {
        frozenset(
            index
            for index, window in enumerate(windows)
            if start(window) <= youngest and oldest <= end(window)
        )
        for youngest, oldest in pairwise(ends)
    }


EVER = 10**6


def start(window: Window) -> int:
    return window.from_.amount


def end(window: Window) -> int:
    return EVER if window.to is None else window.to.amount


def attainable_totals(indicators: Iterable[Indicator], groups: Iterable[Group]) -> list[int]:
    """Every total, rising; groups applied, `when` ignored."""
    return totals([(line.group, attainable_points(line.answer)) for line in indicators], groups)


def totals(
    points: Sequence[tuple[str | None, frozenset[int]]], groups: Iterable[Group]
) -> list[int]:
    """Every total of lines that each give one of their points, rising; by group, which is applied.

    A set of whole numbers is kept as the bits of one integer beside the lowest: adding a line is a
    shift for each of its values.
    """
    sets = [values for name, values in points if name is None]
    for group in groups:
        members = [values for name, values in points if name == group.id]
        sets.append(group_points(group, members))
    return sums(sets)


def group_points(group: Group, members: list[frozenset[int]]) -> frozenset[int]:
    together = highest(members) if group.combine == "max" else frozenset(sums(members))
    return together if group.cap is None else frozenset(min(value, group.cap) for value in together)


def highest(members: list[frozenset[int]]) -> frozenset[int]:
    """What the highest of them can be: no less than what each gives at least."""
    least = max(map(min, members), default=0)
    return frozenset(value for value in frozenset({0}).union(*members) if value >= least)


def sums(sets: Iterable[frozenset[int]]) -> list[int]:
    lowest, bits = 0, 1
    for values in sets:
        least = min(values)
        shifted = 0
        for value in values:
            shifted |= bits << (value - least)
        lowest, bits = lowest + least, shifted
    return [lowest + place for place, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"]


def span(indicators: Iterable[Indicator]) -> int:
    """How many steps of points lie between the least and the most total, before groups."""
    return sum(line.most - line.least for line in indicators)
