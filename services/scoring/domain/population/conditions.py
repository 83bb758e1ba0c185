"""Whether a condition holds, for all children at once: `engine.conditions` in columns."""

from collections.abc import Iterable, Mapping

import numpy as np

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    All,
    Any,
    CodeIs,
    Condition,
    Count,
    FlagEvents,
    Present,
    SinglePointsFrom,
)
from services.scoring.domain.population.columns import NO_CODE, YES_CODE
from services.scoring.domain.population.lines import (
    FALSE,
    NOW,
    TRUE,
    UNKNOWN,
    Line,
    Span,
    Truths,
    View,
    children_with,
    latest_rows,
    three,
)

Codes = Mapping[str, tuple[str, ...]]
"""The sorted options of each code; none for numbers."""


def holds(condition: Condition, view: View, codes: Codes, lines: Mapping[str, Line]) -> Truths:
    match condition:
        case All(parts):
            return least([holds(part, view, codes, lines) for part in parts])
        case Any(parts):
            return any_of([holds(part, view, codes, lines) for part in parts], view)
        case CodeIs():
            return code_is(condition, view, codes)
        case AgeBelow(years):
            known = view.population.born >= 0
            return three(known, view.ages < years)
        case Present(indicators, kind, within):
            named = [
                line
                for name, line in lines.items()
                if name in indicators or line.indicator.kind == kind
            ]
            return any_of([present(line, within, view) for line in named], view)
        case SinglePointsFrom(points):
            return gives(lines.values(), points, view)


def least(parts: list[Truths]) -> Truths:
    found: Truths = np.minimum.reduce(parts)
    return found


def any_of(parts: list[Truths], view: View) -> Truths:
    found: Truths = np.maximum.reduce([np.full(view.population.size, FALSE), *parts])
    return found


def code_is(condition: CodeIs, view: View, codes: Codes) -> Truths:
    rows, latest = latest_rows(condition.code, view)
    options = codes[condition.code]
    answer = condition.answer
    wanted = options.index(answer) if options else amounts.parse_number(answer)
    return three(latest >= 0, children_with(rows, rows.answer == wanted, view))


def gives(lines: Iterable[Line], points: int, view: View) -> Truths:
    """Only lines that could give so many points are looked at.

    Where no doubts are asked for, what is not true is left unknown.
    """
    found = np.zeros(view.population.size, np.bool_)
    settled = np.ones(view.population.size, np.bool_)
    for line in lines:
        if line.indicator.most >= points:
            found |= line.points >= points
            if view.doubts:
                settled &= line.known
    return three(found | settled, found) if view.doubts else np.where(found, TRUE, UNKNOWN)


def present(line: Line, within: Duration | None, view: View) -> Truths:
    answer = line.indicator.answer
    if within is None or isinstance(answer, Age):
        return line.truth
    code = line.indicator.reads or ""
    if isinstance(answer, FlagEvents | Count):
        found = happened_within(code, answer, within, view)
    else:
        _, latest = latest_rows(code, view)
        found = np.where(latest > view.cut(within), line.truth, UNKNOWN)
    if line.gate is None:
        return found
    return np.where(line.gate == TRUE, found, line.gate)


def happened_within(code: str, answer: FlagEvents | Count, within: Duration, view: View) -> Truths:
    spans = [[(NOW, within), span] for span in spans_of(answer)]
    yes = np.logical_or.reduce([view.hits(code, YES_CODE, each) for each in spans])
    no = np.logical_or.reduce([view.hits(code, NO_CODE, each) for each in spans])
    return three(yes | no | view.fresh(answer.absence), yes)


def spans_of(answer: FlagEvents | Count) -> list[Span]:
    """The ages at which evidence speaks to the indicator."""
    if isinstance(answer, Count):
        return [(NOW, answer.within)]
    return [(window.from_, window.to) for window in answer.windows]
