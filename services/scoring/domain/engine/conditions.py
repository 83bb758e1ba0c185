"""Whether a condition holds: yes, no, or not known."""

from collections.abc import Callable, Sequence

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.contribution import Contribution, Contributions
from services.scoring.domain.engine.seen import Observations, Seen
from services.scoring.domain.engine.truth import Truth, all_hold, any_holds
from services.scoring.domain.model import (
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
)

Test = Callable[[Seen, Contributions], Truth]
"""A condition made ready to be asked. A floor's asks the lines too; that of a `when` reads none."""


def test_of(condition: Condition, model: Model) -> Test:
    match condition:
        case All(parts):
            tests = [test_of(part, model) for part in parts]
            return lambda seen, lines: all_hold(test(seen, lines) for test in tests)
        case Any(parts):
            tests = [test_of(part, model) for part in parts]
            return lambda seen, lines: any_holds(test(seen, lines) for test in tests)
        case CodeIs(code, answer):
            return number_is(code, answer) if is_number(code, model) else code_is(code, answer)
        case AgeBelow(years):
            return lambda seen, _: None if seen.age is None else seen.age < years
        case SinglePointsFrom(points):
            able = [place for place, line in enumerate(model.indicators) if line.most >= points]
            return lambda _, lines: gives(points, able, lines)
        case Present():
            return any_present(condition, model)


# Answers under a code


def is_number(code: str, model: Model) -> bool:
    return model.codes[code].kind == "number"


def code_is(code: str, answer: str) -> Test:
    def test(seen: Seen, _: Contributions) -> Truth:
        latest = seen.latest(code, None)
        return (
            None if latest is None else any(each.answer == answer for each in latest.observations)
        )

    return test


def number_is(code: str, answer: str) -> Test:
    number = amounts.parse_number(answer)

    def test(seen: Seen, _: Contributions) -> Truth:
        latest = seen.latest(code, None)
        if latest is None:
            return None
        return any(amounts.parse_number(each.answer) == number for each in latest.observations)

    return test


# Points of a line


def gives(points: int, able: Sequence[int], lines: Contributions) -> Truth:
    found: Truth = False
    for place in able:
        each = lines[place]
        if each.points >= points:
            return True
        if each.most >= points:
            found = None
    return found


# Presence of lines


def any_present(condition: Present, model: Model) -> Test:
    places = [
        place
        for place, line in enumerate(model.indicators)
        if line.id in condition.indicators or line.kind == condition.kind
    ]
    within = condition.within
    if within is None:
        return lambda _, lines: any_holds([lines[place].present for place in places])
    asked = [(place, recently(model.indicators[place], place, within, model)) for place in places]
    return lambda seen, lines: any_holds([test(lines[place], seen) for place, test in asked])


Recently = Callable[[Contribution, Seen], Truth]
"""Whether an indicator is present by evidence of late."""
SETTLED = {"ruled_out", "supposed"}


def recently(line: Indicator, place: int, within: Duration, model: Model) -> Recently:
    """What was answered before `within` says nothing about the time since: unknown, not no."""
    code = line.reads
    if code is None:  # an age, which is of today
        return lambda each, _: each.present
    opens = None if line.when is None else test_of(line.when, model)
    answer = line.answer

    def test(each: Contribution, seen: Seen) -> Truth:
        if each.state in SETTLED:
            return each.present
        if opens is not None and opens(seen, ()) is None:
            return None
        if isinstance(answer, FlagEvents | Count):
            return happened_within(within, code, answer.absence, place, seen)
        return None if seen.latest(code, within) is None else each.present

    return test


def happened_within(
    within: Duration, code: str, absence: str | None, place: int, seen: Seen
) -> Truth:
    if code in seen.known:
        if in_reach(seen.recent(seen.yeses(code), within), place, seen):
            return True
        if in_reach(seen.recent(seen.noes(code), within), place, seen):
            return False
    return False if absence is not None and absence not in seen.stale else None


def in_reach(some: Observations, place: int, seen: Seen) -> bool:
    """Whether any of them speaks to the indicator."""
    return any(map(seen.day.reach[place].holds, some))
