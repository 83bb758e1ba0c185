"""Golden cases stand on both sides of each band, or nearest to a total that no child can have."""

import pytest

from services.scoring.domain.loading import load
from services.scoring.domain.problems import ModelRefused
from tests.domain.scoring.small import SMALL

MODEL = """\
schema: riskmodel/1
model: sides
title: Both sides of a band
purpose: For the tests of boundaries.
change: {kind: new, reason: "both sides of a band, for tests"}
effective_from: 2026-01-01
decimals: 0
indicators:
  place: {title: It, kind: context, held_by: [health], answer: choice, options: {home: "0", care: "0"}}
  moved: {title: It, kind: risk, held_by: [health], answer: flag, points: "3", when: {code: place, is: care}}
  alone: {title: It, kind: risk, held_by: [health], answer: flag, points: "2", when: {code: place, is: home}}
  drugs: {title: It, kind: risk, held_by: [health], answer: flag, points: "4"}
bands: [{id: low, from: "0"}, {id: high, from: "5"}]
golden:
"""  # noqa: E501 - indicators by the line
"""5 can't be: nobody is at home and in care."""


def case(total: int, *codes: str, place: str = "care", nearest: bool = False) -> str:
    given = [f"{{code: place, answer: {place}, observed_on: 2026-05-01}}"]
    given += [f"{{code: {code}, answer: yes, observed_on: 2026-05-01}}" for code in codes]
    mark = "nearest: true, " if nearest else ""
    return (
        f"  - {{name: {total} at {place}, {mark}as_of: 2026-06-01, "
        f"child: {{date_of_birth: 2015-01-01}}, given: [{', '.join(given)}], "
        f'expect: {{total: "{total}"}}}}\n'
    )


BELOW = case(4, "drugs")
NEAREST = case(6, "alone", "drugs", place="home", nearest=True)
OTHER = case(7, "moved", "drugs")
CASES = BELOW + NEAREST + OTHER


def found(text: str) -> list[tuple[str, str]]:
    try:
        load(text, "sides.yaml")
    except ModelRefused as refusal:
        return [(problem.code, problem.message) for problem in refusal.problems]
    return []


def codes(text: str) -> set[str]:
    return {code for code, _ in found(text)}


def test_the_nearest_stands_for_a_total_that_no_child_can_have() -> None:
    assert found(MODEL + CASES) == []


def test_without_a_mark_the_total_itself_is_asked_for() -> None:
    [(_, message)] = found(MODEL + CASES.replace("nearest: true, ", ""))

    assert message == (
        "no golden case has the total 5, the lowest in `high`: add one, or mark the nearest in "
        "its band with `nearest: true`"
    )


# what becomes of the two indicators that excluded each other
POSSIBLE = {
    "one stands without a condition": (", when: {code: place, is: care}", ""),
    "both stand under one answer": ("is: care", "is: home"),
    "one stands by age, at home too": ("{code: place, is: care}", "{age_below: 16}"),
    "either is enough": ("{code: place, is: care}", "{any: [{age_below: 9}, {age_below: 16}]}"),
}


@pytest.mark.parametrize(("old", "new"), POSSIBLE.values(), ids=POSSIBLE.keys())
def test_what_a_child_can_have_is_shown_itself(old: str, new: str) -> None:
    text = MODEL.replace(old, new) + BELOW + NEAREST + case(7, "moved", "drugs", place="home")

    assert found(text) == [
        ("boundary_not_shown", "no golden case has the total 5, the lowest in `high`: add one"),
        ("nearest_not_needed", NOT_NEEDED),
    ]


NOT_NEEDED = "only for the nearest to a boundary that can't be: remove it, or go nearer"


def test_a_further_case_in_the_band_is_not_the_nearest() -> None:
    further = CASES.replace("nearest: true, ", "").replace(
        "7 at care, ", "7 at care, nearest: true, "
    )

    assert codes(MODEL + further) == {"boundary_not_shown", "nearest_not_needed"}


def test_a_case_at_the_boundary_itself_bears_no_mark() -> None:
    marked = CASES.replace("4 at care, ", "4 at care, nearest: true, ")

    assert found(MODEL + marked) == [("nearest_not_needed", NOT_NEEDED)]


def test_where_nothing_excludes_anything_every_total_is_shown() -> None:
    text = SMALL.replace(
        "  - name: lowest in high\n", "  - nearest: true\n    name: lowest in high\n"
    )

    assert codes(text) == {"nearest_not_needed"}


def test_two_indicators_of_one_answer_may_skip_a_total() -> None:
    """Moved gives 3 and alone 2, but by one answer: 5 or nothing, never the 3 right below."""
    text = MODEL.replace("when: {code: place, is: care}", "reads: away").replace(
        "when: {code: place, is: home}", "reads: away"
    )
    cases = [case(5, "away"), case(4, "drugs"), case(0, nearest=True)]

    assert codes(text.replace('from: "5"', 'from: "4"') + "".join(cases)) == set()


def test_an_age_that_gives_points_excludes_what_stands_at_another() -> None:
    older = 'answer: age, ranges: [{below: 13, points: "0"}, {from: 13, points: "3"}]'
    text = MODEL.replace('answer: flag, points: "3", when: {code: place, is: care}', older)
    text = text.replace("{code: place, is: home}", "{age_below: 13}")
    grown = case(7, "drugs").replace("2015", "2012")

    assert codes(text + BELOW + NEAREST + grown) == set()


def test_a_band_between_two_totals_has_no_lowest_of_its_own() -> None:
    bands = '{id: high, from: "5"}, {id: odd, from: "8"}, {id: top, from: "9"}'
    floor = "floors: [{id: it, band: odd, reason: It, when: {any_of: [moved]}}]\ngolden:\n"
    text = MODEL.replace('{id: high, from: "5"}', bands).replace("golden:\n", floor)

    messages = [message for _, message in found(text + CASES)]

    assert len(messages) == 1
    assert "the total 9, the lowest in `top`" in messages[0]
