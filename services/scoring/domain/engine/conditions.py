"""Whether a condition holds: yes, no, or not known."""

from collections.abc import Callable, Sequence
from typing import cast

from services.scoring.domain import amounts
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.contribution import Contribution, Contributions
from services.scoring.domain.engine.meanings import FIRST
from services.scoring.domain.engine.seen import Observations, Seen
from services.scoring.domain.engine.truth import Truth, all_hold, any_holds
from services.scoring.domain.evidence import YES
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
    Number,
    Present,
    SinglePointsFrom,
    State,
)

Test = Callable[[Seen, Contributions], Truth]
"""A condition made ready to be asked. A floor's asks the lines too; that of a `when` reads none."""


def test_of(condition: Condition, model: Model, meaning: str) -> Test:
    match condition:
        case All(parts):
            tests = [test_of(part, model, meaning) for part in parts]
            return lambda seen, lines: all_hold(test(seen, lines) for test in tests)
        case Any(parts):
            tests = [test_of(part, model, meaning) for part in parts]
            return lambda seen, lines: any_holds(test(seen, lines) for test in tests)
        case CodeIs():
            return (
                was_answered(condition, model) if meaning == FIRST else answered(condition, model)
            )
        case AgeBelow(years):
            return lambda seen, _: None if seen.age is None else seen.age < years
        case SinglePointsFrom(points):
            able = [place for place, line in enumerate(model.indicators) if line.most >= points]
            return lambda _, lines: gives(points, able, lines)
        case Present():
            return any_present(condition, model, meaning)


# Answers under a code


def answered(condition: CodeIs, model: Model) -> Test:
    """It holds where an indicator that reads the code sees the answer, as far as that one looks
    back, and is not known where one of them can't tell (ADR 0010)."""
    tests = [
        sees(line, place, condition.answer)
        for place, line in enumerate(model.indicators)
        if line.reads == condition.code
    ]
    if len(tests) == 1:
        return tests[0]
    return lambda seen, lines: any_holds([test(seen, lines) for test in tests])


def sees(line: Indicator, place: int, wanted: str) -> Test:
    answer, code = line.answer, line.reads or ""
    if isinstance(answer, FlagEvents | Count):
        return event_is(code, wanted, answer.absence, place)
    within = cast("State", answer).within  # an age reads no code
    if isinstance(answer, Number):
        return state_is(code, within, amounts.parse_number(wanted), amounts.parse_number)
    return state_is(code, within, wanted, str)


def event_is(code: str, wanted: str, absence: str | None, place: int) -> Test:
    def test(seen: Seen, _: Contributions) -> Truth:
        yes = happened(code, absence, place, None, seen)
        return None if yes is None else yes == (wanted == YES)

    return test


def state_is(
    code: str, within: Duration | None, wanted: object, meaning: Callable[[str], object]
) -> Test:
    def test(seen: Seen, _: Contributions) -> Truth:
        latest = seen.latest(code, within)
        if latest is None:
            return None
        return any(meaning(each.answer) == wanted for each in latest.observations)

    return test


def was_answered(condition: CodeIs, model: Model) -> Test:
    """In version 1 a condition took the answers of the code's latest day, however old."""
    code = condition.code
    if model.codes[code].kind == "number":
        return state_is(code, None, amounts.parse_number(condition.answer), amounts.parse_number)
    return state_is(code, None, condition.answer, str)


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


def any_present(condition: Present, model: Model, meaning: str) -> Test:
    places = [
        place
        for place, line in enumerate(model.indicators)
        if line.id in condition.indicators or line.kind == condition.kind
    ]
    within = condition.within
    if within is None:
        return lambda _, lines: any_holds([lines[place].present for place in places])
    asked = [(place, recently(place, within, model, meaning)) for place in places]
    return lambda seen, lines: any_holds([test(lines[place], seen) for place, test in asked])


Recently = Callable[[Contribution, Seen], Truth]
"""Whether an indicator is present by evidence of late."""
SETTLED = {"ruled_out", "supposed"}


def recently(place: int, within: Duration, model: Model, meaning: str) -> Recently:
    """What was answered before `within` says nothing about the time since: unknown, not no."""
    line = model.indicators[place]
    code = line.reads
    if code is None:  # an age, which is of today
        return lambda each, _: each.present
    opens = None if line.when is None else test_of(line.when, model, meaning)
    answer = line.answer

    def test(each: Contribution, seen: Seen) -> Truth:
        if each.state in SETTLED:
            return each.present
        if opens is not None and opens(seen, ()) is None:
            return None
        if isinstance(answer, FlagEvents | Count):
            return happened(code, answer.absence, place, within, seen)
        return None if seen.latest(code, within) is None else each.present

    return test


def happened(
    code: str, absence: str | None, place: int, within: Duration | None, seen: Seen
) -> Truth:
    """An event, as the indicator at this place sees it, and no older than `within`."""
    if code in seen.known:
        if in_reach(seen.recent(seen.yeses(code), within), place, seen):
            return True
        if in_reach(seen.recent(seen.noes(code), within), place, seen):
            return False
    return False if absence is not None and absence not in seen.stale else None


def in_reach(some: Observations, place: int, seen: Seen) -> bool:
    """Whether any of them speaks to the indicator."""
    return any(map(seen.day.reach[place].holds, some))
