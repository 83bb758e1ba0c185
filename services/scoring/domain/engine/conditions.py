"""Whether a condition holds: yes, no, or not known."""

from collections.abc import Iterable, Mapping

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.contribution import Contribution
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.truth import Truth, all_hold, any_holds
from services.scoring.domain.evidence import Observation
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
    Window,
)

Weighed = Mapping[str, Contribution]
"""Contributions by indicator, for floors; a `when` reads none."""


def holds(condition: Condition, seen: Seen, weighed: Weighed) -> Truth:
    match condition:
        case All(parts):
            return all_hold(holds(part, seen, weighed) for part in parts)
        case Any(parts):
            return any_holds(holds(part, seen, weighed) for part in parts)
        case CodeIs(code, answer):
            return code_is(code, answer, seen)
        case AgeBelow(years):
            return None if seen.age is None else seen.age < years
        case Present(_, _, within):
            return any_holds(present(each, within, seen) for each in named(condition, weighed))
        case SinglePointsFrom(points):
            return any_holds(gives(each, points) for each in weighed.values())


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
        return (weighed[name] for name in condition.indicators)
    return (each for each in weighed.values() if each.indicator.kind == condition.kind)


def gives(contribution: Contribution, points: int) -> Truth:
    if contribution.points >= points:
        return True
    return None if contribution.most >= points else False


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
        return event_within(line.reads, reach(line.answer), line.answer.absence, within, seen)
    latest = seen.latest(line.reads, within)
    return None if latest is None else contribution.present


def event_within(
    code: str, windows: tuple[Window, ...], absence: str | None, within: Duration, seen: Seen
) -> Truth:
    def counts(observation: Observation) -> bool:
        return seen.is_within(observation, within) and in_reach(observation, windows, seen)

    if any(counts(each) for each in seen.events(code)):
        return True
    if any(counts(each) for each in seen.noes(code)):
        return False
    return False if absence is not None and absence not in seen.stale else None


def reach(answer: FlagEvents | Count) -> tuple[Window, ...]:
    """The ages at which evidence speaks to the indicator."""
    return answer.windows if isinstance(answer, FlagEvents) else (answer.window,)


def in_reach(observation: Observation, windows: tuple[Window, ...], seen: Seen) -> bool:
    return any(seen.touches(observation, window.from_, window.to) for window in windows)
