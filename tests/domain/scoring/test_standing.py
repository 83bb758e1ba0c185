"""Points to groups, interval, band, floors and status (DESIGN 4, "Points and band", "Status")."""

from typing import Any

import pytest

from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Model
from services.scoring.domain.sentences import explain
from tests.domain.scoring.builders import AS_OF, answer, evidence, seen
from tests.domain.scoring.sketches import line, sketch


def flag(name: str, points: str, *, kind: str = "risk", group: str = "") -> str:
    more = f"group: {group}, " if group else ""
    return line(f'answer: flag, points: "{points}"', name=name, kind=kind, more=more)


def answers(**given: str) -> list[Observation]:
    return [seen(code, answer, "2026-05-01") for code, answer in given.items()]


def found(model: Model, **given: str) -> dict[str, Any]:
    return answer(model, evidence(*answers(**given)))


CAPPED = sketch(
    "indicators:\n"
    + flag("a", "3", group="g")
    + flag("b", "4", group="g")
    + flag("c", "1")
    + 'groups:\n  g: {combine: sum, cap: "5"}\n'
)
HIGHEST = sketch(
    "indicators:\n"
    + flag("a", "3", group="g")
    + flag("b", "4", group="g")
    + "groups:\n  g: {combine: max}\n"
)


def test_what_a_cap_takes_away_is_a_line_of_its_own() -> None:
    result = found(CAPPED, a="yes", b="yes", c="yes")

    assert result["total"] == "6"
    assert result["subtotals"]["risk"] == "8"
    assert result["groups"] == [
        {"group": "g", "members": "7", "points": "5", "taken_away": "-2"},
    ]


def test_a_group_bounds_the_interval_too() -> None:
    assert found(CAPPED, c="yes")["interval"] == ["1", "6"]
    assert found(HIGHEST, a="yes")["interval"] == ["3", "4"]
    assert found(HIGHEST, a="yes", b="yes")["total"] == "4"


def test_the_interval_goes_below_0_for_what_may_help() -> None:
    model = sketch("indicators:\n" + flag("a", "3") + flag("b", "-2", kind="protective"))

    assert found(model)["interval"] == ["-2", "3"]
    assert found(model, b="yes")["interval"] == ["-2", "1"]


FLOORS = sketch(
    "indicators:\n"
    + flag("a", "3")
    + flag("b", "0")
    + line('answer: flag, windows: [{from: P0M, points: "1"}]', name="hurt", kind="harm")
    + """
floors:
  - {id: harm, band: high, reason: Harm, when: {kind: harm, within: P12M}}
  - {id: three, band: medium, reason: Three, when: {single_points_from: "3"}}
  - {id: both, band: top, reason: Both, when: {all: [{any_of: [a, b]}, {age_below: 13}]}}
"""
)


@pytest.mark.parametrize(
    ("given", "born", "band", "band_range", "fired"),
    [
        ({}, "2012-01-01", "low", ["low", "high"], []),
        ({"a": "no", "b": "no", "hurt": "no"}, "2012-01-01", "low", ["low", "low"], []),
        ({"a": "yes", "hurt": "no"}, "2012-01-01", "medium", ["medium", "medium"], ["three"]),
        ({"a": "yes", "hurt": "no"}, "2014-01-01", "top", ["top", "top"], ["three", "both"]),
        ({"a": "yes", "hurt": "no"}, None, "medium", ["medium", "top"], ["three"]),
        ({"b": "yes", "a": "no", "hurt": "no"}, "2014-01-01", "top", ["top", "top"], ["both"]),
        ({"hurt": "yes"}, "2012-01-01", "high", ["high", "high"], ["harm"]),
    ],
)
def test_the_band_is_the_highest_of_points_and_fired_floors(
    given: dict[str, str], born: str | None, band: str, band_range: list[str], fired: list[str]
) -> None:
    birth = None if born is None else AS_OF.fromisoformat(born)

    result = answer(FLOORS, evidence(*answers(**given), born=birth))

    assert result["band"] == band
    assert result["band_range"] == band_range
    assert [floor["id"] for floor in result["floors"]] == fired


def test_harm_before_the_floors_reach_is_present_but_no_longer_known_to_be_recent() -> None:
    result = answer(FLOORS, evidence(seen("hurt", "yes", "2024-05-01")))

    assert result["floors"] == []
    assert result["band"] == "low"
    assert result["band_range"] == ["low", "high"]


def test_harm_is_never_averaged_away() -> None:
    model = sketch(
        "indicators:\n"
        + line('answer: flag, windows: [{from: P0M, points: "1"}]', name="hurt", kind="harm")
        + flag("safe", "-50", kind="protective")
        + "floors: [{id: harm, band: high, reason: Harm, when: {kind: harm}}]\n"
    )

    result = found(model, hurt="yes", safe="yes")

    assert (result["total"], result["band"]) == ("-49", "high")
    assert (result["band_from_points"], result["band_from_floors"]) == ("low", "high")


INDICATORS = "indicators:\n" + flag("a", "1") + flag("b", "1") + flag("c", "1")
HARM = (
    flag("hurt", "1", kind="harm")
    + "floors: [{id: harm, band: high, reason: Harm, when: {kind: harm}}]\n"
)


@pytest.mark.parametrize(
    ("rule", "given", "status", "band"),
    [
        ("", {"a": "no", "b": "no"}, "provisional", "low"),
        ("", {"a": "no", "b": "no", "c": "no"}, "complete", "low"),
        ("completeness: {min_known: 2}", {"a": "no", "b": "no"}, "complete", "low"),
        ("completeness: {min_known: 2}", {"a": "no"}, "provisional", "low"),
        ("completeness: {min_known: 1, required: [c]}", {"a": "no"}, "provisional", "low"),
        ("completeness: {min_known: 1, required: [c]}", {"c": "no"}, "complete", "low"),
        ("completeness: {min_known: 2, otherwise: incomplete}", {"a": "no"}, "incomplete", None),
    ],
)
def test_a_score_is_complete_when_enough_is_known(
    rule: str, given: dict[str, str], status: str, band: str | None
) -> None:
    result = found(sketch(INDICATORS + rule + "\n"), **given)

    assert (result["status"], result["band"]) == (status, band)


def test_an_incomplete_score_keeps_the_band_of_a_floor() -> None:
    model = sketch(INDICATORS + HARM + "completeness: {otherwise: incomplete}\n")

    result = found(model, hurt="yes")

    assert (result["status"], result["band_from_points"], result["band"]) == (
        "incomplete",
        None,
        "high",
    )


def test_without_a_date_of_birth_a_score_is_at_most_provisional() -> None:
    model = sketch(INDICATORS + "applies: {age: {from: 10, below: 18}}\n")

    result = answer(model, evidence(*answers(a="no", b="no", c="no"), born=None))

    assert result["status"] == "provisional"
    assert result["status_reason"] == {"code": "no_date_of_birth", "params": {}}


def test_where_enough_is_known_only_the_date_of_birth_is_missing() -> None:
    model = sketch(INDICATORS + "completeness: {min_known: 2}\n")

    result = answer(model, evidence(*answers(a="no", b="no"), born=None))

    assert (result["status"], result["status_reason"]["code"]) == (
        "provisional",
        "no_date_of_birth",
    )


@pytest.mark.parametrize(
    ("given", "required", "known", "unknown"),
    [
        ({"a": "no"}, "[]", 1, []),
        ({"a": "no", "b": "no"}, "[c, a]", 2, ["c"]),
        ({}, "[c]", 0, ["c"]),
    ],
)
def test_a_score_that_is_not_complete_says_how_much_is_known(
    given: dict[str, str], required: str, known: int, unknown: list[str]
) -> None:
    model = sketch(INDICATORS + f"completeness: {{min_known: 3, required: {required}}}\n")

    assert found(model, **given)["status_reason"] == {
        "code": "not_all_known",
        "params": {"known": known, "of": 3, "required_unknown": unknown},
    }


@pytest.mark.parametrize(
    ("born", "reason"),
    [
        ("2026-06-02", {"code": "not_born_yet", "params": {}}),
        ("2026-06-01", {"code": "age_outside", "params": {"age": 0, "from": 10, "below": 18}}),
    ],
)
def test_where_a_model_does_not_apply_nothing_is_said_but_why(
    born: str, reason: dict[str, Any]
) -> None:
    model = sketch(INDICATORS + "applies: {age: {from: 10, below: 18}}\n")
    told = [*answers(a="no"), *answers(a="yes"), *answers(b="odd")]

    result = answer(model, evidence(*told, born=AS_OF.fromisoformat(born), stale=("police",)))

    assert result["status_reason"] == reason
    assert [result[name] for name in ("disagreements", "not_understood", "staleness")] == [
        [],
        [],
        [],
    ]


@pytest.mark.parametrize(
    ("born", "applies"),
    [("2016-06-01", True), ("2016-06-02", False), ("2008-06-02", True), ("2008-06-01", False)],
)
def test_outside_its_ages_a_model_has_neither_total_nor_band(born: str, applies: bool) -> None:
    model = sketch(INDICATORS + "applies: {age: {from: 10, below: 18}}\n")

    result = answer(model, evidence(born=AS_OF.fromisoformat(born)))

    assert (result["status"] != "not_applicable") is applies
    assert (result["total"] is not None) is applies
    assert (result["interval"] is not None) is applies


@pytest.mark.parametrize(("born", "status"), [("2026-06-01", "complete"), ("2026-06-02", None)])
def test_before_its_birth_nobody_is_scored(born: str, status: str | None) -> None:
    known = evidence(*answers(a="no", b="no", c="no"), born=AS_OF.fromisoformat(born))

    result = answer(sketch(INDICATORS), known)

    assert result["status"] == (status or "not_applicable")
    assert (result["total"], result["band"]) == (("0", "low") if status else (None, None))
    if status is None:
        reason = result["status_reason"]
        assert explain(reason["code"], reason["params"]) == (
            "On this day the child was not yet born."
        )


def test_the_unknowns_that_alone_could_change_the_band_are_asked_first() -> None:
    model = sketch(
        "indicators:\n"
        + flag("some", "3")
        + flag("more", "4")
        + flag("enough", "5")
        + flag("hurt", "0", kind="harm")
        + "floors: [{id: harm, band: high, reason: Harm, when: {kind: harm}}]\n"
    )

    result = found(model)

    order = [(each["indicator"], each["could_change_band"]) for each in result["unknowns"]]
    assert order == [("enough", True), ("hurt", True), ("more", False), ("some", False)]


GATED = sketch(
    "indicators:\n"
    + line(
        'answer: flag, windows: [{from: P0M, points: "1"}]',
        name="hurt",
        kind="harm",
        more="when: {code: scale, is: '2'}, ",
    )
    + line('answer: number, ranges: [{points: "0"}]', name="scale", kind="context")
    + "floors: [{id: harm, band: high, reason: Harm, when: {kind: harm, within: P3M}}]\n"
)


@pytest.mark.parametrize(
    ("scales", "fired", "possible"),
    [([], 0, 1), (["2.0"], 1, 0), (["1"], 0, 0), (["1", "2"], 1, 0)],
    ids=["not known", "met", "ruled out", "met by one of two answers"],
)
def test_a_floor_with_a_time_of_its_own_heeds_the_indicators_condition(
    scales: list[str], fired: int, possible: int
) -> None:
    given = [seen("scale", scale, "2026-05-01") for scale in scales]

    result = answer(GATED, evidence(seen("hurt", "yes", "2026-05-01"), *given))

    assert (len(result["floors"]), len(result["possible_floors"])) == (fired, possible)
