"""Whether a condition holds: yes, no, or not known."""

from collections.abc import Collection, Iterable, Mapping

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Dated, Seen
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
    Present,
    SinglePointsFrom,
)

Weighed = Mapping[str, Contribution]
"""Contributions by indicator, for floors; a `when` reads none."""


def holds(condition: Condition, seen: Seen, weighed: Weighed) -> Truth:
    match condition:
        case Present(_, _, within):
            return any_holds(present(each, within, seen) for each in named(condition, weighed))
        case SinglePointsFrom(points):
            return gives(points, weighed.values())
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
    if any(each.points >= points for each in some):
        return True
    return None if any(each.most >= points for each in some) else False


SETTLED = {"ruled_out", "supposed"}


def present(contribution: Contribution, within: Duration | None, seen: Seen) -> Truth:
    """Whether the indicator is present by evidence no older than `within`.

    What was answered before `within` says nothing about the time since: unknown, not no.
    """
    line = contribution.indicator
    if within is None or contribution.state in SETTLED or isinstance(line.answer, Age):
        return contribution.present
    if contribution.reason.code == "condition_unknown" or line.reads is None:
        return None
    if isinstance(line.answer, FlagEvents | Count):
        return happened_within(line.reads, line.answer, within, seen)
    latest = seen.latest(line.reads, within)
    return None if latest is None else contribution.present


def happened_within(code: str, answer: FlagEvents | Count, within: Duration, seen: Seen) -> Truth:
    if in_reach(seen.recent(seen.events(code), within), answer, seen):
        return True
    if in_reach(seen.recent(seen.no.get(code, []), within), answer, seen):
        return False
    return False if answer.absence is not None and answer.absence not in seen.stale else None


def in_reach(some: list[Dated], answer: FlagEvents | Count, seen: Seen) -> list[Dated]:
    """Those that lie in a window of the indicator."""
    if isinstance(answer, Count):
        return seen.recent(some, answer.within)
    found = []
    for each in some:
        alone = [each]
        for window in answer.windows:
            if seen.inside(window, alone):
                found.append(each)
                break
    return found
