"""Whether a condition holds, for all children at once: `engine.conditions` in columns."""

from collections.abc import Mapping

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
from services.scoring.domain.population.columns import Rows
from services.scoring.domain.population.days import Flags
from services.scoring.domain.population.lines import (
    FALSE,
    TRUE,
    UNKNOWN,
    Line,
    Truths,
    View,
    events,
    latest_rows,
    noes,
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
            return any_of([gives(line, points) for line in lines.values()], view)


def three(known: Flags, true: Flags) -> Truths:
    return np.where(known, np.where(true, TRUE, FALSE), UNKNOWN)


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
    return three(latest >= 0, view.any(rows, rows.answer == wanted))


def gives(line: Line, points: int) -> Truths:
    could = UNKNOWN if line.indicator.most >= points else FALSE
    open_or_not = np.where(line.known, FALSE, could)
    return np.where(line.points >= points, TRUE, open_or_not)


def present(line: Line, within: Duration | None, view: View) -> Truths:
    answer = line.indicator.answer
    if within is None or isinstance(answer, Age):
        return line.present
    code = line.indicator.reads or ""
    if isinstance(answer, FlagEvents | Count):
        found = happened_within(code, answer, within, view)
    else:
        _, latest = latest_rows(code, view)
        found = np.where(latest > view.cut(within), line.present, UNKNOWN)
    if line.gate is None:
        return found
    return np.where(line.gate == TRUE, found, line.gate)


def happened_within(code: str, answer: FlagEvents | Count, within: Duration, view: View) -> Truths:
    rows = view.rows(code)
    happened, denied = events(rows), noes(rows)
    yes = view.any(happened, view.recent(happened, within) & in_reach(happened, answer, view))
    no = view.any(denied, view.recent(denied, within) & in_reach(denied, answer, view))
    return three(yes | no | view.fresh(answer.absence), yes)


def in_reach(rows: Rows, answer: FlagEvents | Count, view: View) -> Flags:
    if isinstance(answer, Count):
        return view.recent(rows, answer.within)
    found: Flags = np.logical_or.reduce([view.inside(rows, one) for one in answer.windows])
    return found
