"""The engine in columns gives what the pure engine gives, child by child."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain import dates
from services.scoring.domain.dates import Duration
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.score import headline, score
from services.scoring.domain.engine.standing import Standing
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.population import days
from services.scoring.domain.population.columns import chunks, columns
from services.scoring.domain.population.engine import STATUSES, Outcome, headlines, score_population
from services.scoring.domain.population.outlook import next_changes
from tests.domain.scoring.builders import AS_OF, evidence, seen, shipped
from tests.domain.scoring.random_models import DAY_ZERO, children, models
from tests.domain.scoring.sketches import line, one, sketch
from tests.domain.scoring.test_answers import CASES, PRESENT

groups_of_children = st.lists(children(), min_size=1, max_size=5)


def in_columns(model: Model, outcome: Outcome, place: int) -> tuple[object, ...]:
    status = STATUSES[outcome.status[place]]
    if status == "not_applicable":
        return (status,)
    points = [int(column[place]) for column in (outcome.total, outcome.low, outcome.high)]
    bands = [int(column[place]) for column in (outcome.band, outcome.band_low, outcome.band_high)]
    fired, possible = (
        [floor.id for floor, flag in zip(model.floors, flags[:, place], strict=True) if flag]
        for flags in (outcome.fired, outcome.possible)
    )
    return status, points, bands, fired, possible


def one_by_one(model: Model, child: Evidence, as_of: date) -> tuple[object, ...]:
    return as_in_columns(score(model, child, as_of).standing)


def as_in_columns(standing: Standing | None) -> tuple[object, ...]:
    if standing is None:
        return ("not_applicable",)
    sums = standing.sums
    bands = [
        -1 if band is None else band
        for band in (standing.band, standing.band_low, standing.band_high)
    ]
    fired, possible = (
        [floor.id for floor in floors] for floors in (standing.fired, standing.possible)
    )
    return standing.status, [sums.total, sums.low, sums.high], bands, fired, possible


@settings(max_examples=50, deadline=None)
@given(models, groups_of_children)
def test_both_engines_agree_and_without_the_rest_total_band_and_floors_are_the_same(
    model: Model, some: list[Evidence]
) -> None:
    population = columns(model, some)
    outcome = score_population(model, population, DAY_ZERO)
    found = headlines(model, population, DAY_ZERO)

    for place, child in enumerate(some):
        standing = score(model, child, DAY_ZERO).standing
        assert in_columns(model, outcome, place) == as_in_columns(standing)
        alone = headline(model, child, DAY_ZERO)
        assert found.applies[place] == (alone is not None) == (standing is not None)
        if alone is not None and standing is not None:
            assert alone == (standing.total, standing.band, standing.fired)
            fires = zip(model.floors, found.fired[:, place], strict=True)
            assert alone.fired == tuple(floor for floor, flag in fires if flag)
            band = -1 if alone.band is None else alone.band
            assert (found.total[place], found.band[place]) == (alone.total, band)


@settings(max_examples=30, deadline=None)
@given(models, groups_of_children)
def test_both_engines_agree_on_the_next_change(model: Model, some: list[Evidence]) -> None:
    found = next_changes(model, columns(model, some), DAY_ZERO)

    for place, child in enumerate(some):
        ahead = forecast(score(model, child, DAY_ZERO))
        assert int(found[place]) == (ahead[0].on.toordinal() if ahead else -1)


def test_the_day_after_an_answer_ends_the_other_stands_alone() -> None:
    model = one('answer: flag, points: "2"')
    child = evidence(
        seen("it", "yes", "2026-05-01", "2026-06-05"), seen("it", "no", "2026-05-01", "2026-07-20")
    )

    [change] = forecast(score(model, child, AS_OF))
    [found] = next_changes(model, columns(model, [child]), AS_OF)

    assert (change.on, date.fromordinal(int(found))) == (date(2026, 6, 6), date(2026, 6, 6))


def test_a_birthday_that_changes_nothing_is_passed_over() -> None:
    model = one('answer: flag, windows: [{from: P0M, to: P6M, points: "5"}]')
    period = seen("it", "yes", "2025-11-20", "2025-12-05")
    child = evidence(period, born=date(2012, 6, 2))

    [found] = next_changes(model, columns(model, [child]), AS_OF)

    assert date.fromordinal(int(found)) == date(2026, 6, 5)


@pytest.mark.parametrize("name", ["seraf/1.0.yaml", "child-exploitation/0.1.yaml"])
def test_the_golden_cases_of_shipped_models_pass_in_columns_too(name: str) -> None:
    model = shipped(name).model
    cases = [case.evidence for case in model.golden]
    as_of = np.array([case.as_of.toordinal() for case in model.golden], np.int32)

    outcome = score_population(model, columns(model, cases), as_of)

    for place, case in enumerate(model.golden):
        found = in_columns(model, outcome, place)
        assert found == one_by_one(model, case.evidence, case.as_of)


TOLD = [case[:2] for case in CASES.values()] + [case[:2] for case in PRESENT.values()]
ANSWERS = [(rule, evidence(*told)) for rule, told in TOLD]
THERE = """
floors:
  - {id: there, band: top, reason: It is there, when: {any_of: [it]}}
  - {id: of_late, band: top, reason: It is there, when: {any_of: [it], within: P3M}}
"""


LIVES = line("answer: choice, options: {home: '0', alone: '0'}", name="lives", kind="context")
AT_HOME = seen("lives", "home", "2026-05-01")


@pytest.mark.parametrize("when", ["", "{code: lives, is: alone}", "{age_below: 16}"])
def test_every_case_of_an_answer_is_the_same_in_columns(when: str) -> None:
    more = f"when: {when}, " if when else ""
    for rule in dict(ANSWERS):
        model = sketch("indicators:\n" + LIVES + line(rule, more=more) + THERE)
        some = [
            replace(child, observations=(*child.observations, AT_HOME))
            for other, child in ANSWERS
            if other == rule
        ]

        outcome = score_population(model, columns(model, some), AS_OF)

        for place, child in enumerate(some):
            assert in_columns(model, outcome, place) == one_by_one(model, child, AS_OF)


@pytest.mark.parametrize(
    ("points", "total"),
    [
        (["6.3", "6.4"], 127),
        (["6.4", "6.4"], 128),
        (["-6.4", "-6.5"], -129),
        (["1000"] * 3, 30000),
        (["1000"] * 4, 40000),
    ],
)
def test_points_are_added_up_whatever_their_number(points: list[str], total: int) -> None:
    kind = "risk" if total > 0 else "protective"
    windows = [f'{{from: P0M, to: P{n}M, points: "{p}"}}' for n, p in enumerate(points, 6)]

    def lines(more: str) -> str:
        return "indicators:\n" + "".join(
            line(f"answer: flag, windows: [{each}]", name=f"it_{place}", kind=kind, more=more)
            for place, each in enumerate(windows)
        )

    told = [seen(code, "yes", "2026-05-01") for code in ("it", "it_0", "it_1", "it_2", "it_3")]
    for model in (
        one(f"answer: flag, windows: [{', '.join(windows)}]", kind=kind),
        sketch(lines("")),
        sketch(lines("group: all, ") + "groups: {all: {combine: sum}}\n"),
    ):
        population = columns(model, [evidence(*told)])
        assert score_population(model, population, AS_OF).total.tolist() == [total]


@pytest.mark.parametrize(
    ("given", "fired", "possible"),
    [
        ({}, [], ["strong", "young"]),
        ({"a": "no"}, [], ["strong", "young"]),
        ({"a": "no", "b": "no"}, [], ["young"]),
        ({"a": "yes"}, ["strong"], ["young"]),
    ],
)
def test_in_columns_too_a_floor_waits_for_points_only_while_some_could_give_them(
    given: dict[str, str], fired: list[str], possible: list[str]
) -> None:
    """None could ever give 9, and the date of birth is not known."""
    model = sketch(
        "indicators:\n"
        + "".join(line('answer: flag, points: "4"', name=name) for name in ("a", "b"))
        + line('answer: flag, points: "1"', name="little")
        + "floors:\n"
        + "  - {id: strong, band: top, reason: Strong, when: {single_points_from: '4'}}\n"
        + "  - {id: young, band: top, reason: Young, when: {any: [{age_below: 13}, "
        + "{single_points_from: '9'}]}}\n"
    )
    child = evidence(*(seen(code, word, "2026-05-01") for code, word in given.items()), born=None)

    found = in_columns(model, score_population(model, columns(model, [child]), AS_OF), 0)

    assert found[-2:] == (fired, possible)
    assert found == one_by_one(model, child, AS_OF)


def test_in_columns_too_nobody_is_scored_before_birth() -> None:
    model = shipped("seraf/1.0.yaml").model
    some = [Evidence((), DAY_ZERO + timedelta(days=days)) for days in (0, 1, 500)]

    outcome = score_population(model, columns(model, some), DAY_ZERO)

    assert [STATUSES[each] for each in outcome.status] == [
        "provisional", "not_applicable", "not_applicable",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "as_of", ["1909-06-01", "1950-01-01", "2026-06-01", "2089-09-18", "2500-01-01"]
)
@pytest.mark.parametrize(
    ("begins", "ends"),
    [
        ("1850-01-01", None),
        ("1850-01-01", "2025-12-01"),
        ("1910-04-14", None),
        ("1910-04-15", "1910-04-16"),
        ("2026-05-01", "9999-12-31"),
        ("2026-07-01", "9999-12-31"),
        ("2089-09-17", None),
        ("2089-09-18", "2400-01-01"),
    ],
)
def test_days_too_far_to_be_counted_from_2000_are_days_all_the_same(
    begins: str, ends: str | None, as_of: str
) -> None:
    model = one(
        'answer: flag, windows: [{from: P0M, to: P6M, points: "5"}, {from: P6M, points: "1"}]'
    )
    some = [evidence(seen("it", answer, begins, ends), born=None) for answer in ("yes", "no")] + [
        evidence(seen("it", "yes", "2026-03-01"), born=None)
    ]
    day = date.fromisoformat(as_of)

    outcome = score_population(model, columns(model, some), day)

    assert [in_columns(model, outcome, place) for place in range(len(some))] == [
        one_by_one(model, child, day) for child in some
    ]


@pytest.mark.parametrize("told", [(), ("no",), ("yes",), ("yes", "yes")])
def test_in_columns_too_one_event_is_enough_to_be_present(told: tuple[str, ...]) -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: count, each: "1", at_most: "2"')
        + "floors: [{id: any, band: top, reason: Any, when: {any_of: [it]}}]\n"
    )
    child = evidence(*(seen("it", answer, "2026-05-01") for answer in told))

    outcome = score_population(model, columns(model, [child]), AS_OF)

    assert in_columns(model, outcome, 0) == one_by_one(model, child, AS_OF)
    assert outcome.fired.tolist() == [["yes" in told]]


def test_a_population_is_read_in_chunks() -> None:
    model = shipped("seraf/1.0.yaml").model
    cases = [case.evidence for case in model.golden]

    sizes = [chunk.size for chunk in chunks(model, iter(cases), 8)]

    assert sizes == [8, 8, len(cases) - 16]


@pytest.mark.parametrize(
    "duration", [Duration(n, unit) for n in (0, 1, 6, 25) for unit in ("D", "M")]
)
def test_days_in_columns_are_the_days_of_the_calendar(duration: Duration) -> None:
    some = [date(2023, 12, 1) + timedelta(days=n) for n in range(500)]
    column = np.array([day.toordinal() for day in some], np.int32)
    born = date(2012, 2, 29)

    back = days.before(column, duration)
    ahead = days.first_day_reaching(column, duration)
    ages = days.ages(column, days.calendar(np.full(len(some), born.toordinal(), np.int32)))

    assert back.tolist() == [dates.before(day, duration).toordinal() for day in some]
    assert ahead.tolist() == [dates.first_day_reaching(day, duration).toordinal() for day in some]
    assert ages.tolist() == [dates.age_on(day, born) for day in some]
