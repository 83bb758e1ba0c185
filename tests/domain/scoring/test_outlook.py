"""What lies ahead: the dates on which a score changes by itself, and the nearest single answer."""

from typing import Any

import pytest

from services.scoring.domain.engine.ask import ask_next
from services.scoring.domain.engine.document import forecast_document, nearest_document
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.readings import possible_answers
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.sentences import explain
from tests.domain.scoring.builders import AS_OF, answer, evidence, seen
from tests.domain.scoring.sketches import line, one, sketch

SIGN = (
    'answer: flag, windows: [{from: P0M, to: P6M, points: "5"}, {from: P6M, to: P12M, points: "1"}]'
)


def ahead(model: Model, known: Evidence) -> list[dict[str, Any]]:
    found = score(model, known, AS_OF)
    return forecast_document(found, forecast(found))


def dates(model: Model, known: Evidence) -> list[tuple[str, str]]:
    return [(change["on"], change["total"]) for change in ahead(model, known)]


def test_a_sign_ages_from_window_to_window_and_out() -> None:
    known = evidence(seen("it", "yes", "2026-05-01"))

    assert dates(one(SIGN), known) == [("2026-11-01", "1"), ("2027-05-01", "0")]


def test_a_band_that_falls_says_so() -> None:
    first = ahead(one(SIGN), evidence(seen("it", "yes", "2026-05-01")))[0]

    text = explain(first["reason"]["code"], first["reason"]["params"])

    assert text == "Falls to low on 1 November 2026 if nothing new arrives."


def test_a_sign_of_the_31st_leaves_on_a_day_that_exists() -> None:
    model = one('answer: flag, windows: [{from: P0M, to: P1M, points: "5"}]')

    assert dates(model, evidence(seen("it", "yes", "2026-05-31"))) == [("2026-07-01", "0")]


def test_what_is_dated_ahead_counts_from_its_day() -> None:
    model = one('answer: flag, points: "2"')

    assert dates(model, evidence(seen("it", "yes", "2026-09-01"))) == [("2026-09-01", "2")]


def test_a_birthday_changes_what_depends_on_age_and_the_age_limit_ends_it() -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: age, ranges: [{below: 13, points: "3"}, {from: 13, points: "0"}]')
        + "applies: {age: {from: 0, below: 14}}\n"
    )

    assert dates(model, evidence(born=AS_OF.replace(year=2014))) == [("2027-06-01", "0")]
    [change] = ahead(model, evidence(born=AS_OF.replace(year=2013)))
    assert (change["total"], change["reason"]["code"]) == (None, "stops_applying")


def nearest(model: Model, known: Evidence) -> dict[str, Any] | None:
    found = score(model, known, AS_OF)
    return nearest_document(found, nearest_change(found))


def test_the_nearest_answer_is_the_one_that_moves_the_total_least() -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: flag, points: "7"', name="much")
        + line('answer: choice, options: {none: "0", some: "4", more: "5.5"}', name="graded")
    )

    change = nearest(model, evidence())

    assert change is not None
    assert (change["code"], change["answer"], change["total"]) == ("graded", "more", "5.5")
    assert change["band"] == "medium"
    assert explain(change["reason"]["code"], change["reason"]["params"]) == (
        "If we heard “more” about graded, the band would be medium."
    )


def test_an_answer_that_only_a_floor_waits_for_is_near() -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: flag, windows: [{from: P0M, points: "0"}]', name="hurt", kind="harm")
        + "floors: [{id: harm, band: high, reason: Harm, when: {kind: harm, within: P3M}}]\n"
    )

    change = nearest(model, evidence(seen("hurt", "yes", "2020-01-01")))

    assert change is not None
    assert (change["code"], change["answer"], change["band"]) == ("hurt", "yes", "high")


def test_a_number_that_only_a_condition_asks_for_is_near() -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: number, ranges: [{points: "0"}]', name="scale", kind="context")
        + line('answer: flag, points: "7"', more="when: {code: scale, is: '2'}, ")
    )

    change = nearest(model, evidence(seen("it", "yes", "2026-05-01")))

    assert change is not None
    assert (change["code"], change["answer"], change["total"]) == ("scale", "2", "7")


def test_no_single_answer_may_change_the_band() -> None:
    assert nearest(one('answer: flag, points: "2"'), evidence()) is None


def test_where_the_weights_do_not_apply_there_is_nothing_to_ask_or_to_hear() -> None:
    model = sketch(
        "indicators:\n" + line('answer: flag, points: "7"') + "applies: {age: {below: 14}}\n"
    )
    found = score(model, evidence(born=AS_OF.replace(year=2000)), AS_OF)

    assert (nearest_change(found), ask_next(found)) == (None, ())


@pytest.mark.parametrize(
    ("below", "asked", "answers"),
    [
        ("2.5", "1", ["0", "1", "2.5"]),
        ("0.000001", "1", ["0", "0.000001", "1"]),
        ("0", "1", ["-0.000001", "0", "1"]),
        ("-2", "1", ["-2", "-2.000001", "1"]),
        ("1", "1", ["0", "1", "1.000001"]),
        ("-2", "-2.000001", ["-2", "-2.000001", "-2.000002"]),
    ],
)
def test_of_the_numbers_one_in_each_range_is_tried_and_each_that_a_condition_asks_for(
    below: str, asked: str, answers: list[str]
) -> None:
    measure = f'answer: number, ranges: [{{below: "{below}", points: "0"}}, {{from: "{below}", '
    model = sketch(
        "indicators:\n"
        + line(measure + 'points: "1"}]')
        + line(
            'answer: number, ranges: [{below: "7", points: "0"}, {from: "7", points: "1"}]',
            name="other",
            more=f"when: {{code: it, is: '{asked}'}}, ",
        )
    )

    assert list(possible_answers(model, "it")) == answers


@pytest.mark.parametrize(
    ("group", "known", "unknown", "could"),
    [
        ("{combine: sum}", "4", "1", True),
        ("{combine: sum}", "4", "0.9", False),
        ("{combine: sum}", "2", "2.9", False),
        ('{combine: sum, cap: "5"}', "4", "3", True),
        ('{combine: sum, cap: "4.9"}', "4", "3", False),
        ("{combine: max}", "4", "5", True),
        ("{combine: max}", "4", "4.9", False),
        ('{combine: max, cap: "4.9"}', "4", "5", False),
    ],
)
def test_what_a_group_takes_away_does_not_change_the_band(
    group: str, known: str, unknown: str, *, could: bool
) -> None:
    """Medium begins at 5."""
    model = sketch(
        "indicators:\n"
        + line(f'answer: flag, points: "{known}"', name="told", more="group: signs, ")
        + line(f'answer: flag, points: "{unknown}"', name="open", more="group: signs, ")
        + f"groups: {{signs: {group}}}\n"
    )

    [asked] = ask_next(score(model, evidence(seen("told", "yes", "2026-05-01")), AS_OF))

    assert (asked.contribution.indicator.id, asked.could_change_band) == ("open", could)


def test_a_child_who_grows_into_the_ages_starts_to_be_scored() -> None:
    """What no indicator reads has no part in it."""
    model = sketch("indicators:\n" + line(SIGN) + "applies: {age: {from: 15, below: 18}}\n")
    told = [seen("it", "yes", "2026-05-01"), seen("unread", "yes", "2026-05-01")]

    changes = ahead(model, evidence(*told, born=AS_OF.replace(year=2011, month=9)))

    assert [(change["on"], change["total"]) for change in changes] == [
        ("2026-09-01", "5"), ("2026-11-01", "1"), ("2027-05-01", "0"),
    ]  # fmt: skip
    assert changes[0]["reason"]["code"] == "starts_applying"


def test_a_sign_of_just_the_points_of_a_floor_is_near() -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: flag, points: "3"')
        + "floors: [{id: strong, band: top, reason: Strong, when: {single_points_from: '3'}}]\n"
    )

    change = nearest(model, evidence())

    assert change is not None
    assert (change["answer"], change["total"], change["band"]) == ("yes", "3", "top")
    assert answer(model, evidence())["band_range"] == ["low", "top"]
