"""Each indicator by itself: its points, windows, ranges and codes."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

from services.scoring.domain.language.draft import Draft
from services.scoring.domain.model import (
    Age,
    Choice,
    Count,
    Each,
    FlagEvents,
    FlagState,
    Indicator,
    Number,
    Range,
    Window,
)
from services.scoring.domain.problems import Finding, Path
from services.scoring.domain.refused_codes import REFUSED_CODES
from services.scoring.domain.validation.supposed import Supposed


def check_indicators(pieces: Draft, children: Sequence[Supposed]) -> Iterator[Finding]:
    for name, line in pieces.indicators.items():
        path: Path = ("indicators", name)
        if name in REFUSED_CODES:
            yield refused_code(path, name)
        if line is not None:
            ages = {child.age for child in children if child.may_meet(line.when)}
            yield from check_indicator(line, path, ages)


def check_indicator(line: Indicator, path: Path, ages: set[int]) -> Iterator[Finding]:
    """`ages` are those at which its condition can hold."""
    if line.reads in REFUSED_CODES and line.reads != line.id:
        yield refused_code((*path, "reads"), line.reads)
    yield from check_kind(line, path)
    yield from check_absence(line, path)
    if not ages:
        message = "no child of any age can meet this: ask for less, or leave it out"
        yield Finding((*path, "when"), "when_unreachable", message)
    match line.answer:
        case FlagEvents(windows):
            yield from check_windows(windows, (*path, "windows"))
        case Count(weights):
            yield from check_count(weights, path)
        case Number(ranges):
            yield from check_ranges(ranges, (*path, "ranges"), is_empty)
        case Age(ranges):
            yield from check_ranges(ranges, (*path, "ranges"), partial(holds_none, ages))
        case FlagState() | Choice():
            pass


def refused_code(path: Path, code: str) -> Finding:
    message = f"`{code}` is never scored: it is kept only to report disparity; remove it"
    return Finding(path, "refused_code", message)


def check_kind(line: Indicator, path: Path) -> Iterator[Finding]:
    """Only protective indicators take points away, and context has none."""
    if line.kind == "context" and (line.least or line.most):
        yield Finding(path, "context_points", CONTEXT)
    elif line.least < 0 and line.kind != "protective":
        message = "only `kind: protective` may have points below 0"
        yield Finding(path, "negative_points", message)
    if line.least < 0 and isinstance(line.answer, Count):
        message = "a count has no points below 0: use a flag, a choice or a number"
        yield Finding(path, "negative_count", message)


CONTEXT = 'context gives no points: write "0", or choose another kind'


def check_absence(line: Indicator, path: Path) -> Iterator[Finding]:
    agency = line.answer.absence if isinstance(line.answer, FlagEvents | Count) else None
    if agency is not None and agency not in line.held_by:
        message = f"`{agency}` is not in `held_by`: silence speaks only for those who could know"
        yield Finding((*path, "absence", "while_fresh"), "not_held_by", message)


def check_windows(windows: tuple[Window, ...], path: Path) -> Iterator[Finding]:
    lengths = [length for each in windows for length in (each.from_, each.to) if length]
    if len({length.unit for length in lengths}) > 1:
        yield Finding(
            path, "mixed_units", "use one unit in all windows: days (PnD) or months (PnM)"
        )
    for place, window in enumerate(windows):
        if (
            window.to is not None
            and window.to.unit == window.from_.unit
            and window.to.amount <= window.from_.amount
        ):
            message = f"no day lies in it: `to` must be older than `from: {window.from_}`"
            yield Finding((*path, place), "empty_window", message)


def check_ranges(
    ranges: tuple[Range, ...], path: Path, is_out_of_reach: Callable[[Range], bool]
) -> Iterator[Finding]:
    """They start and end open, meet, and each holds a value that there can be."""
    if ranges[0].from_ is not None:
        yield Finding((*path, 0), "range_start", "the first range starts open: leave out `from`")
    if ranges[-1].below is not None:
        last = len(ranges) - 1
        yield Finding((*path, last), "range_end", "the last range ends open: leave out `below`")
    for place, (lower, upper) in enumerate(pairwise(ranges), 1):
        if lower.below is None or lower.below != upper.from_:
            message = "ranges meet: `from` is the `below` of the range before"
            yield Finding((*path, place), "range_gap", message)
    for place, each in enumerate(ranges):
        if is_out_of_reach(each):
            yield Finding(
                (*path, place), "range_unreachable", "no value lies in this range: remove it"
            )


def is_empty(each: Range) -> bool:
    return each.from_ is not None and each.below is not None and each.from_ >= each.below


def holds_no_number_of_events(each: Range) -> bool:
    return is_empty(each) or each.below == 0


def holds_none(ages: set[int], each: Range) -> bool:
    return is_empty(each) or (bool(ages) and not any(map(each.holds, ages)))


def check_count(weights: Each | tuple[Range, ...], path: Path) -> Iterator[Finding]:
    if isinstance(weights, Each):
        yield from check_each(weights, path)
    else:
        yield from check_ranges(weights, (*path, "ranges"), holds_no_number_of_events)


def check_each(each: Each, path: Path) -> Iterator[Finding]:
    if each.points <= 0:
        yield Finding((*path, "each"), "each_not_positive", "each event gives points above 0")
    elif each.at_most < each.points:
        message = "at_most is less than one event gives: raise it, or lower `each`"
        yield Finding((*path, "at_most"), "at_most_too_low", message)
    elif each.at_most > each.points * MOST_EVENTS:
        message = f"no more than {MOST_EVENTS} events can count: lower it, or raise `each`"
        yield Finding((*path, "at_most"), "at_most_too_high", message)


MOST_EVENTS = 1000
