"""What to ask next: which unknown could, alone, change the band."""

import pytest

from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Model
from tests.domain.scoring.builders import answer, evidence, seen
from tests.domain.scoring.sketches import line, sketch

EVER = "answer: flag, windows: [{from: P0M, points: '0'}]"


def asked(model: Model, *told: Observation, known_birth: bool = True) -> dict[str, bool]:
    child = evidence(*told) if known_birth else evidence(*told, born=None)
    unknowns = answer(model, child)["unknowns"]
    return {each["indicator"]: each["could_change_band"] for each in unknowns}


def told(code: str, word: str = "yes") -> Observation:
    return seen(code, word, "2026-05-01")


PLACEMENT = sketch(
    "indicators:\n"
    + line("answer: choice, options: {home: '0', care: '0'}", name="care", kind="context")
    + line("answer: flag, points: '5'", name="moves", more="when: {code: care, is: care}, ")
)


def test_once_the_condition_holds_what_waited_for_it_is_asked() -> None:
    assert asked(PLACEMENT, told("care", "care")) == {"moves": True}
    assert asked(PLACEMENT, told("care", "home")) == {}


@pytest.mark.parametrize(
    ("moved", "care"), [([told("moves")], True), ([told("moves", "no")], False), ([], False)]
)
def test_what_opens_a_condition_is_asked_not_what_waits_for_it(
    moved: list[Observation], *, care: bool
) -> None:
    assert asked(PLACEMENT, *moved) == {"care": care, "moves": False}


def test_an_answer_counts_for_all_that_read_its_code() -> None:
    """Each of the two gives less than the five that medium begins at."""
    model = sketch(
        "indicators:\n"
        + line("answer: flag, points: '3'", name="lately", more="reads: hurt, ")
        + line("answer: flag, points: '2'", name="ever", more="reads: hurt, ")
    )

    assert asked(model) == {"ever": True, "lately": True}


def test_an_answer_can_be_outweighed_under_its_own_code() -> None:
    model = sketch(
        "indicators:\n"
        + line("answer: flag, points: '5'", name="worry", more="reads: seen, ")
        + line("answer: flag, points: '-1'", name="help", more="reads: seen, ", kind="protective")
    )

    assert asked(model) == {"help": False, "worry": False}


AGED = "answer: age, ranges: [{below: 13, points: '%s'}, {from: 13, points: '%s'}]"


@pytest.mark.parametrize(
    ("younger", "older", "floors", "could"),
    [
        ("5", "0", "", True),
        ("0", "5", "", True),
        ("4", "0", "", False),
        (
            "0",
            "0",
            "floors: [{id: young, band: top, reason: Young, when: {age_below: 15}}]\n",
            True,
        ),
    ],
    ids=["if young", "if older", "too few points", "by a floor"],
)
def test_a_date_of_birth_is_asked_for_where_an_age_would_change_the_band(
    younger: str, older: str, floors: str, *, could: bool
) -> None:
    model = sketch(
        "applies: {age: {from: 10, below: 18}}\nindicators:\n"
        + line(AGED % (younger, older), name="age", kind="vulnerability")
        + floors
    )

    assert asked(model, known_birth=False) == {"age": could}


def test_several_events_are_thought_of() -> None:
    """One gives two points; medium begins at five."""
    counted = "answer: count, each: '2', at_most: '%s'"

    enough = sketch("indicators:\n" + line(counted % "6"))
    too_few = sketch("indicators:\n" + line(counted % "4"))

    assert (asked(enough), asked(too_few)) == ({"it": True}, {"it": False})


def test_several_events_are_thought_of_by_all_that_read_their_code() -> None:
    """Three episodes give two points and three; one gives two and one."""
    model = sketch(
        "indicators:\n"
        + line(
            "answer: flag, windows: [{from: P0M, to: P12M, points: '2'}]",
            name="missing",
            more="reads: episode, ",
        )
        + line("answer: count, each: '1', at_most: '3'", name="often", more="reads: episode, ")
    )

    assert asked(model) == {"missing": True, "often": True}


@pytest.mark.parametrize(("opened_by", "could"), [("yes", True), ("no", False)])
def test_several_events_open_what_one_opens_and_not_what_none_would(
    opened_by: str, *, could: bool
) -> None:
    """Four episodes give four points; medium begins at five."""
    waits = f"when: {{code: often, is: {opened_by}}}, "
    model = sketch(
        "indicators:\n"
        + line("answer: count, each: '1', at_most: '4'", name="often")
        + line("answer: flag, points: '1'", name="alone", more=waits)
    )

    assert asked(model, told("alone")) == {"alone": False, "often": could}


def test_several_events_that_help_are_thought_of() -> None:
    """Of seven points one of them takes two at most, and both take three."""
    windows = (
        "{from: P0M, to: P1M, points: '-1'}, {from: P1M, to: P3M, points: '-2'}, "
        "{from: P3M, to: P6M, points: '1'}"
    )
    model = sketch(
        "indicators:\n"
        + line("answer: flag, points: '7'", name="sign")
        + line(
            f"answer: flag, windows: [{windows}]",
            name="help",
            kind="protective",
            more="reads: visit, ",
        )
        + line(EVER, name="visited", kind="context", more="reads: visit, ")
    )

    assert asked(model, told("sign")) == {"help": True, "visited": True}


def test_an_event_of_the_past_is_thought_of() -> None:
    """One of today opens what waits, and gives a point; one of two months ago gives three."""
    windows = "{from: P0M, to: P1M, points: '1'}, {from: P1M, to: P12M, points: '3'}"
    model = sketch(
        "indicators:\n"
        + line(f"answer: flag, windows: [{windows}]", name="hurt")
        + line("answer: flag, points: '2'", name="alone", more="when: {code: hurt, is: yes}, ")
    )

    assert asked(model, told("alone")) == {"alone": False, "hurt": True}


def test_where_the_windows_end_in_the_past_the_event_is_thought_of_there() -> None:
    model = sketch(
        "indicators:\n"
        + line("answer: flag, windows: [{from: P3M, to: P24M, points: '1'}]", name="hurt")
        + "floors: [{id: hurt, band: top, reason: Hurt, when: {code: hurt, is: yes}}]\n"
    )

    assert asked(model) == {"hurt": True}


def test_a_no_of_the_past_is_thought_of_too() -> None:
    model = sketch(
        "indicators:\n"
        + line("answer: flag, windows: [{from: P3M, to: P24M, points: '0'}]", name="visited")
        + line("answer: flag, points: '5'", name="alone", more="when: {code: visited, is: no}, ")
    )

    assert asked(model, told("alone")) == {"alone": False, "visited": True}


def test_an_indicator_may_ask_for_an_answer_to_its_own_code() -> None:
    model = sketch(
        "indicators:\n"
        + line(
            "answer: choice, options: {none: '0', some: '5', much: '9'}",
            name="use",
            more="when: {any: [{code: use, is: some}, {code: use, is: none}]}, ",
        )
    )

    assert asked(model) == {"use": True}


def test_what_would_lift_an_incomplete_score_to_a_band_is_asked_first() -> None:
    model = sketch(
        "indicators:\n"
        + line("answer: flag, points: '1'", name="needed")
        + line("answer: flag, points: '2'", name="other")
        + "completeness: {required: [needed], min_known: 1, otherwise: incomplete}\n"
    )

    assert asked(model) == {"needed": True, "other": False}


def test_a_condition_of_a_floor_is_asked_for() -> None:
    model = sketch(
        "indicators:\n"
        + line("answer: choice, options: {home: '0', alone: '0'}", name="lives", kind="context")
        + line("answer: flag, points: '1'", name="sign")
        + "floors:\n"
        + "  - {id: alone, band: top, reason: Alone, "
        + "when: {all: [{code: lives, is: alone}, {any_of: [sign]}]}}\n"
    )

    assert asked(model) == {"lives": False, "sign": False}
    assert asked(model, told("sign")) == {"lives": True}
    assert asked(model, told("lives", "alone")) == {"sign": True}


def test_a_choice_lets_a_floor_fire_only_where_it_gives_points() -> None:
    model = sketch(
        "indicators:\n"
        + line("answer: choice, options: {none: '0', some: '1'}", name="some")
        + line("answer: choice, options: {home: '0', care: '0'}", name="lives", kind="context")
        + "floors: [{id: there, band: top, reason: There, when: {any_of: [some, lives]}}]\n"
    )

    assert asked(model) == {"lives": False, "some": True}
