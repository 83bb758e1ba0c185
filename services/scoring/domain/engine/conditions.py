"""Whether a condition holds: yes, no, or not known."""

from collections.abc import Collection, Iterable, Mapping

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Observations, Seen
from services.scoring.domain.engine.truth import Truth, all_hold, any_holds
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
    Present,
    SinglePointsFrom,
)

Weighed = Mapping[str, Contribution]
"""Contributions by indicator, for floors; a `when` reads none."""


def holds(condition: Condition, seen: Seen, weighed: Weighed) -> Truth:
    match condition:
        case SinglePointsFrom():
            return gives(condition.points, weighed.values())
        case Present():
            within = condition.within
            return any_holds([present(each, within, seen) for each in named(condition, weighed)])
        case CodeIs(code, answer):
            return code_is(code, answer, seen)
        case AgeBelow(years):
            return None if seen.age is None else seen.age < years
        case All(parts):
            return all_hold(holds(part, seen, weighed) for part in parts)
        case Any(parts):
            return any_holds(holds(part, seen, weighed) for part in parts)


def code_is(code: str, answer: str, seen: Seen) -> Truth:
    latest = seen.latest(code, None)
    if latest is None:
        return None
    if seen.codes[code].kind == "number":
        number = amounts.parse_number(answer)
        return any(amounts.parse_number(each.answer) == number for each in latest.observations)
    return any(each.answer == answer for each in latest.observations)


def named(condition: Present, weighed: Weighed) -> Iterable[Contribution]:
    if condition.kind is None:
        return [weighed[name] for name in condition.indicators]
    return [each for each in weighed.values() if each.indicator.kind == condition.kind]


def gives(points: int, some: Collection[Contribution]) -> Truth:
    found: Truth = False
    for each in some:
        if each.points >= points:
            return True
        if each.most >= points:
            found = None
    return found


SETTLED = {"ruled_out", "supposed"}


def present(contribution: Contribution, within: Duration | None, seen: Seen) -> Truth:
    """Whether the indicator is present by evidence no older than `within`.

    What was answered before `within` says nothing about the time since: unknown, not no.
    """
    line = contribution.indicator
    if within is None or contribution.state in SETTLED or isinstance(line.answer, Age):
        return contribution.present
    if line.reads is None or (line.when is not None and holds(line.when, seen, {}) is None):
        return None
    if isinstance(line.answer, FlagEvents | Count):
        return happened_within(line, line.reads, line.answer, within, seen)
    latest = seen.latest(line.reads, within)
    return None if latest is None else contribution.present


def happened_within(
    line: Indicator, code: str, answer: FlagEvents | Count, within: Duration, seen: Seen
) -> Truth:
    if in_reach(seen.recent(seen.events(code), within), line, answer, seen):
        return True
    if in_reach(seen.recent(seen.noes(code), within), line, answer, seen):
        return False
    return False if answer.absence is not None and answer.absence not in seen.stale else None


def in_reach(
    some: Observations, line: Indicator, answer: FlagEvents | Count, seen: Seen
) -> Observations:
    """Those that lie in a window of the indicator."""
    if isinstance(answer, Count):
        return seen.recent(some, answer.within)
    found, spans = [], seen.spans[line.id]
    for each in some:
        begins, ends = each.observed_on, each.observed_until or each.observed_on
        for _, first, last in spans:
            if begins <= last and ends >= first:
                found.append(each)
                break
    return found
