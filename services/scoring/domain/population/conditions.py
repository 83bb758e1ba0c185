"""Whether a condition holds, for all children at once: `engine.conditions` in columns."""

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import and_
from typing import cast

import numpy as np

from services.scoring.domain.dates import Duration
from services.scoring.domain.evidence import YES
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    All,
    Any,
    CodeIs,
    Condition,
    Count,
    FlagEvents,
    Indicator,
    Model,
    Present,
    SinglePointsFrom,
    State,
)
from services.scoring.domain.population.columns import NO_CODE, YES_CODE, answer_code
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
    in_reach,
    latest_rows,
    three,
)


def holds(condition: Condition, view: View, model: Model, lines: Mapping[str, Line]) -> Truths:
    match condition:
        case All(parts):
            return least([holds(part, view, model, lines) for part in parts])
        case Any(parts):
            return any_of([holds(part, view, model, lines) for part in parts], view)
        case CodeIs():
            return answered(condition, view, model)
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
    return reduce(np.minimum, parts)


def any_of(parts: list[Truths], view: View) -> Truths:
    return reduce(np.maximum, parts, np.full(view.population.size, FALSE))


def answered(condition: CodeIs, view: View, model: Model) -> Truths:
    readers = [line for line in model.indicators if line.reads == condition.code]
    return any_of([sees(line, condition, view, model) for line in readers], view)


def sees(line: Indicator, condition: CodeIs, view: View, model: Model) -> Truths:
    answer, code = line.answer, condition.code
    if isinstance(answer, FlagEvents | Count):
        yes = happened(code, answer, None, view)
        return yes if condition.answer == YES else TRUE - yes
    rows, latest = latest_rows(code, view)
    read = model.codes[code]
    wanted = answer_code(read, sorted(read.options), condition.answer)
    found = children_with(rows, rows.answer == wanted, view)
    return three(in_reach(cast("State", answer), latest, view), found)  # an age reads no code


def gives(lines: Iterable[Line], points: int, view: View) -> Truths:
    """Only lines that could give so many points are looked at.

    Where no doubts are asked for, what is not true is left unknown.
    """
    able = [line for line in lines if line.indicator.most >= points]
    if not able:
        return np.full(view.population.size, FALSE)
    found = reduce(np.maximum, [line.points for line in able]) >= points
    settled = reduce(and_, [line.known for line in able]) if view.doubts else found
    return three(found | settled, found)


def present(line: Line, within: Duration | None, view: View) -> Truths:
    answer = line.indicator.answer
    if within is None or isinstance(answer, Age):
        return line.truth
    code = line.indicator.reads or ""
    if isinstance(answer, FlagEvents | Count):
        found = happened(code, answer, within, view)
    else:
        _, latest = latest_rows(code, view)
        found = np.where(latest > view.cut(within), line.truth, UNKNOWN)
    if line.gate is None:
        return found
    return np.where(line.gate == TRUE, found, line.gate)


def happened(code: str, answer: FlagEvents | Count, within: Duration | None, view: View) -> Truths:
    spans = [[(NOW, within), span] for span in spans_of(answer)]
    yes = np.logical_or.reduce([view.hits(code, YES_CODE, each) for each in spans])
    no = np.logical_or.reduce([view.hits(code, NO_CODE, each) for each in spans])
    return three(yes | no | view.fresh(answer.absence), yes)


def spans_of(answer: FlagEvents | Count) -> list[Span]:
    """The ages at which evidence speaks to the indicator."""
    if isinstance(answer, Count):
        return [(NOW, answer.within)]
    return [(window.from_, window.to) for window in answer.windows]
