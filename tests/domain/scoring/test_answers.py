"""Which answer counts (DESIGN 4): states, events, counts, choices, numbers, ages, absence."""

from datetime import date
from typing import Any

import pytest

from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence, Observation
from tests.domain.scoring.builders import AS_OF, answer, evidence, seen
from tests.domain.scoring.sketches import line, one, sketch

EVENT = (
    'answer: flag, windows: [{from: P0M, to: P6M, points: "5"}, {from: P6M, to: P12M, points: "1"}]'
)
FRESH = f"{EVENT}, absence: {{means: no, while_fresh: police}}"
LATER = 'answer: flag, windows: [{from: P1M, to: P6M, points: "3"}]'
EVER = 'answer: flag, windows: [{from: P0M, points: "2"}]'
STATE = 'answer: flag, points: "2"'
ONE_DAY = 'answer: flag, windows: [{from: P30D, to: P31D, points: "3"}]'
RECENT = 'answer: flag, points: "2", within: P6M'
COUNT = 'answer: count, within: P12M, each: "2", at_most: "5"'
RANGES = (
    'answer: count, within: P3M, ranges: [{below: 1, points: "0"}, {from: 1, below: 3, '
    'points: "1"}, {from: 3, points: "4"}]'
)
CHOICE = 'answer: choice, options: {none: "0", some: "1", much: "4.5"}'
NUMBER = (
    'answer: number, ranges: [{below: "5", points: "0"}, {from: "5", below: "10.5", points: "2"}, '
    '{from: "10.5", points: "3"}]'
)
AGE = 'answer: age, ranges: [{below: 13, points: "3"}, {from: 13, points: "0"}]'


def yes(on: str, until: str | None = None, **more: Any) -> Observation:
    return seen("it", "yes", on, until, **more)


def no(on: str, **more: Any) -> Observation:
    return seen("it", "no", on, **more)


def said(answer: str, on: str = "2026-05-01") -> Observation:
    return seen("it", answer, on)


U = "unknown"
K = "known"

# as of 1 June 2026: the answer, the observations, then state, points and reason
CASES = {
    # events
    "a yes today": (EVENT, [yes("2026-06-01")], K, "5", "happened"),
    "a yes tomorrow does not count yet": (EVENT, [yes("2026-06-02")], U, "0", "not_asked"),
    "a yes on the last day of the newer window": (EVENT, [yes("2025-12-02")], K, "5", "happened"),
    "a yes exactly six months ago is older": (EVENT, [yes("2025-12-01")], K, "1", "happened"),
    "a yes on the last day in reach": (EVENT, [yes("2025-06-02")], K, "1", "happened"),
    "a yes exactly a year ago is too old": (EVENT, [yes("2025-06-01")], U, "0", "out_of_reach"),
    "one in each window": (EVENT, [yes("2026-05-01"), yes("2025-10-01")], K, "6", "happened"),
    "two in one window": (EVENT, [yes("2026-05-01"), yes("2026-04-01")], K, "5", "happened"),
    "a period touches both windows": (EVENT, [yes("2025-11-30", "2025-12-02")], K, "6", "happened"),
    "a period up to the boundary touches one": (
        EVENT, [yes("2025-11-30", "2025-12-01")], K, "1", "happened"),
    "a period is cut at as_of": (EVENT, [yes("2026-05-31", "2027-01-01")], K, "5", "happened"),
    "a later no does not undo a yes": (
        EVENT, [yes("2026-05-01"), no("2026-05-20")], K, "5", "happened"),
    "a no in reach": (EVENT, [no("2026-05-01")], K, "0", "no"),
    "a no out of reach": (EVENT, [no("2025-05-01")], U, "0", "out_of_reach"),
    "somebody asked after an answer went out of reach": (
        EVENT, [no("2025-05-01"), said("not_known")], U, "0", "asked_not_known"),
    "somebody asked before it": (
        EVENT, [no("2025-05-01"), said("not_known", "2025-04-01")], U, "0", "out_of_reach"),
    "not known is not no": (EVENT, [said("not_known")], U, "0", "asked_not_known"),
    "not known does not erase a yes": (
        EVENT, [yes("2026-05-01"), said("not_known", "2026-05-20")], K, "5", "happened"),
    "nothing": (EVENT, [], U, "0", "not_asked"),
    "a yes younger than the window": (LATER, [yes("2026-05-20")], U, "0", "out_of_reach"),
    "a yes on the youngest day of it": (LATER, [yes("2026-05-01")], K, "3", "happened"),
    "a yes on the one day of a window": (ONE_DAY, [yes("2026-05-02")], K, "3", "happened"),
    "a yes on the day before it": (ONE_DAY, [yes("2026-05-01")], U, "0", "out_of_reach"),
    "a yes on the day after it": (ONE_DAY, [yes("2026-05-03")], U, "0", "out_of_reach"),
    "an incident counts by its latest yes, whichever comes first": (
        EVENT,
        [yes("2026-05-01", incident="police:7"), yes("2025-10-01", incident="police:7")],
        K, "5", "happened"),
    "an incident whose latest yes is younger than the window": (
        LATER,
        [yes("2026-04-01", incident="police:7"), yes("2026-05-20", incident="police:7")],
        U, "0", "out_of_reach"),
    "of two that end on one day the one that began earlier": (
        EVENT,
        [yes("2025-10-01", "2026-05-01", incident="police:7"),
         yes("2026-05-01", incident="police:7", agency="health")],
        K, "6", "happened"),
    "ever": (EVER, [yes("1999-01-01")], K, "2", "happened"),
    "silence from a fresh feed": (FRESH, [], K, "0", "nothing_reported"),
    "silence after an old yes": (FRESH, [yes("2024-01-01")], K, "0", "nothing_reported"),
    "an answer this version does not know": (EVENT, [said("maybe")], U, "0", "asked_not_known"),
    # counts
    "two events": (COUNT, [yes("2026-05-01"), yes("2026-04-01")], K, "4", "counted"),
    "up to the limit": (COUNT, [yes(f"2026-0{m}-01") for m in (1, 2, 3)], K, "5", "counted"),
    "no event": (COUNT, [no("2026-05-01")], K, "0", "no"),
    "an event too old to count": (COUNT, [yes("2025-06-01")], U, "0", "out_of_reach"),
    "one incident that two agencies report": (
        COUNT,
        [yes("2026-05-01", incident="police:7"),
         yes("2026-05-03", incident="police:7", agency="health")],
        K, "2", "counted"),
    "two incidents on one day": (
        COUNT, [yes("2026-05-01", incident="police:7"), yes("2026-05-01", incident="police:8")],
        K, "4", "counted"),
    "a statement received twice": (
        COUNT, [yes("2026-05-01", ref="a"), yes("2026-05-01", ref="a")], K, "2", "counted"),
    "two in a range": (RANGES, [yes("2026-05-01"), yes("2026-05-02")], K, "1", "counted"),
    "three in the next range": (
        RANGES, [yes("2026-05-01"), yes("2026-05-02"), yes("2026-05-03")], K, "4", "counted"),
    # states
    "a state": (STATE, [yes("2020-01-01")], K, "2", "latest"),
    "the latest answer stands": (STATE, [yes("2026-01-01"), no("2026-02-01")], K, "0", "latest"),
    "a later not known does not erase it": (
        STATE, [yes("2026-01-01"), said("not_known")], K, "2", "latest"),
    "of one day's answers the one with most points": (
        STATE, [no("2026-01-01"), yes("2026-01-01", agency="health")], K, "2", "latest"),
    "a period stands to its end": (STATE, [yes("2026-01-01", "2026-04-01"), no("2026-03-01")],
                                   K, "2", "latest"),
    "a state too old": (RECENT, [yes("2025-12-01")], U, "0", "out_of_reach"),
    "a state on its last day": (RECENT, [yes("2025-12-02")], K, "2", "latest"),
    # choices and numbers
    "an option": (CHOICE, [said("some")], K, "1", "latest"),
    "the worst of one day": (CHOICE, [said("some"), said("much")], K, "4.5", "latest"),
    "an option nobody declared": (CHOICE, [said("lots")], U, "0", "asked_not_known"),
    "below a bound": (NUMBER, [said("4.999999")], K, "0", "latest"),
    "at a bound": (NUMBER, [said("5.0")], K, "2", "latest"),
    "above a bound": (NUMBER, [said("5.000001")], K, "2", "latest"),
    "just below the next": (NUMBER, [said("10.499999")], K, "2", "latest"),
    "at the next": (NUMBER, [said("10.5")], K, "3", "latest"),
    "a number too fine to be exact": (NUMBER, [said("5.0000001")], U, "0", "asked_not_known"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "observations", "state", "points", "reason"), CASES.values(), ids=CASES.keys()
)
def test_an_answer_counts_as_the_rule_says(
    rule: str, observations: list[Observation], state: str, points: str, reason: str
) -> None:
    found = answer(one(rule), evidence(*observations))

    [contribution] = found["contributions"]
    assert contribution["state"] == state
    assert contribution["points"] == found["total"] == points
    assert contribution["reason"]["code"] == reason


LEAST = 'options: {none: "0", some: "0.1"}'
PRESENT = {
    "a yes that gives nothing": ('answer: flag, points: "0"', [yes("2026-05-01")], True),
    "a yes that another agency denies": (
        STATE, [yes("2026-05-01"), no("2026-05-01", agency="health")], True),
    "a yes of three months ago": (STATE, [yes("2026-03-01")], True),
    "a no": (STATE, [no("2026-05-01")], False),
    "an event that gives nothing": (
        'answer: flag, windows: [{from: P0M, points: "0"}]', [yes("2026-05-01")], True),
    "a count that gives nothing": (
        'answer: count, ranges: [{below: 5, points: "0"}, {from: 5, points: "1"}]',
        [yes("2026-05-01")], True),
    "an option with the least points there are": (
        f"answer: choice, {LEAST}", [said("some")], True),
    "an option without points": (f"answer: choice, {LEAST}", [said("none")], False),
    "an age with the least points there are": (
        'answer: age, ranges: [{below: 15, points: "0.1"}, {from: 15, points: "0"}]', [], True),
    "an age without points": (
        'answer: age, ranges: [{below: 14, points: "1"}, {from: 14, points: "0"}]', [], False),
    "nothing known": (STATE, [], None),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "observations", "present"), PRESENT.values(), ids=PRESENT.keys())
def test_an_indicator_is_present_by_a_yes_or_by_points(
    rule: str, observations: list[Observation], present: bool | None
) -> None:
    [contribution] = answer(one(rule), evidence(*observations))["contributions"]

    assert contribution["present"] is present


def test_silence_of_a_silent_feed_is_unknown_and_said() -> None:
    found = answer(one(FRESH), evidence(stale=("police", "education")))

    assert found["interval"] == ["0", "6"]
    assert found["staleness"] == [{"agency": "police", "indicators": ["it"]}]
    assert found["unknowns"][0]["asked"] is False


@pytest.mark.parametrize(
    ("born", "points", "interval"),
    [
        (date(2013, 6, 2), "3", ["3", "3"]),
        (date(2013, 6, 1), "0", ["0", "0"]),
        (None, "0", ["0", "3"]),
    ],
    ids=["the day before the birthday", "on the birthday", "not known"],
)
def test_age_gives_points(born: date | None, points: str, interval: list[str]) -> None:
    found = answer(one(AGE), evidence(born=born))

    assert (found["total"], found["interval"]) == (points, interval)


def test_an_estimated_date_of_birth_counts_and_is_marked() -> None:
    child = Evidence((), date(2013, 6, 2), date_of_birth_estimated=True)

    found = answer(one(AGE), child)

    assert (found["total"], found["age_estimated"], found["status"]) == ("3", True, "complete")


def test_disagreement_of_one_day_is_reported_and_an_older_answer_is_not() -> None:
    given = [no("2026-05-01"), yes("2026-05-01", agency="health"), no("2026-04-01")]

    found = answer(one(STATE), evidence(*given))

    [disagreement] = found["disagreements"]
    assert disagreement["on"] == "2026-05-01"
    assert {each["answer"] for each in disagreement["answers"]} == {"no", "yes"}


def test_answers_that_are_too_old_to_count_disagree_no_longer() -> None:
    told = evidence(yes("2025-05-01"), no("2025-05-01", agency="health"))

    assert answer(one(RECENT), told)["disagreements"] == []
    assert len(answer(one(STATE), told)["disagreements"]) == 1


@pytest.mark.parametrize(("other", "disagree"), [("5.0", 0), ("5.1", 1)])
def test_numbers_disagree_by_what_they_are_not_by_how_they_are_written(
    other: str, disagree: int
) -> None:
    found = answer(one(NUMBER), evidence(said("5"), said(other)))

    assert len(found["disagreements"]) == disagree


def test_an_answer_that_is_not_understood_is_reported() -> None:
    found = answer(one(STATE), evidence(said("maybe")))

    assert [each["answer"] for each in found["not_understood"]] == ["maybe"]


def test_a_protective_state_in_dispute_is_not_counted_on() -> None:
    model = one('answer: flag, points: "-2"', kind="protective")
    given = [no("2026-05-01"), yes("2026-05-01", agency="health")]

    assert answer(model, evidence(*given))["total"] == "0"


WHEN = sketch(
    "indicators:\n"
    + line(
        'answer: flag, points: "2"', more="when: {all: [{code: place, is: far}, {age_below: 16}]}, "
    )
    + line('answer: choice, options: {near: "0", far: "0"}', kind="context", name="place")
)


@pytest.mark.parametrize(
    ("place", "born", "state"),
    [
        ("far", "2012-01-01", "known"),
        ("near", "2012-01-01", "ruled_out"),
        ("near", None, "ruled_out"),
        ("far", "2000-01-01", "ruled_out"),
        ("far", None, "unknown"),
        (None, "2012-01-01", "unknown"),
        (None, "2000-01-01", "ruled_out"),
    ],
)
def test_a_condition_is_three_valued(place: str | None, born: str | None, state: str) -> None:
    given = [yes("2026-05-01")] + ([seen("place", place, "2026-05-01")] if place else [])
    birth = date.fromisoformat(born) if born else None

    found = score(WHEN, evidence(*given, born=birth), AS_OF)

    assert found.contributions[0].state == state


def test_the_reason_names_the_last_of_several_and_where_each_came_from() -> None:
    given = [yes("2026-05-01", ref="a"), yes("2026-04-01", ref="b"), yes("2025-10-01", ref="c")]

    [contribution] = answer(one(EVENT), evidence(*given))["contributions"]

    windows = contribution["reason"]["params"]["windows"]
    assert [window["last_on"] for window in windows] == ["2026-05-01", "2025-10-01"]
    assert [each["source_ref"] for each in contribution["observations"]] == ["a", "b", "c"]


def test_what_is_said_of_a_no_is_its_last_day_in_reach_and_who_said_so() -> None:
    near = [no("2026-04-01", ref="a"), no("2026-05-01", ref="b")]

    [contribution] = answer(one(EVENT), evidence(yes("2024-02-01"), *near, no("2024-01-01")))[
        "contributions"
    ]

    assert contribution["reason"]["params"]["on"] == "2026-05-01"
    assert [each["source_ref"] for each in contribution["observations"]] == ["a", "b"]


def test_a_condition_holds_if_any_answer_of_the_day_meets_it() -> None:
    given = [seen("place", "far", "2026-05-01"), seen("place", "near", "2026-05-01")]

    found = score(WHEN, evidence(yes("2026-05-01"), *given), AS_OF)

    assert found.contributions[0].state == "known"
