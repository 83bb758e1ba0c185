"""What nothing can reach is refused: a floor, a condition, a range of ages. What can be, is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.language.draft import draft
from services.scoring.domain.loading import load
from services.scoring.domain.problems import ModelRefused
from services.scoring.domain.validation.supposed import supposed
from tests.domain.scoring.builders import answer, evidence, seen
from tests.domain.scoring.random_models import (
    DAY_ZERO,
    DECIMALS,
    Json,
    children,
    documents,
    model_from,
)
from tests.domain.scoring.sketches import ABOUT, sketch

LINES = """\
applies: {age: {from: 10, below: 18}}
indicators:
  older: {title: It, kind: risk, held_by: [health], answer: age, ranges: [{below: 13, points: "0"}, {from: 13, points: "4"}]}
  younger: {title: It, kind: risk, held_by: [health], answer: age, ranges: [{below: 13, points: "2"}, {from: 13, points: "0"}]}
  small: {title: It, kind: risk, held_by: [health], answer: flag, points: "1", when: {age_below: 13}}
  moved: {title: It, kind: risk, held_by: [health], answer: flag, windows: [{from: P6M, to: P12M, points: "1"}]}
  as_moved: {title: It, kind: risk, held_by: [health], reads: moved, answer: flag, windows: [{from: P6M, to: P12M, points: "0"}]}
  place: {title: It, kind: context, held_by: [health], answer: choice, options: {home: "0", care: "0"}}
  stayed: {title: It, kind: risk, held_by: [health], answer: flag, points: "1", when: {code: moved, is: no}}
  of_late: {title: It, kind: risk, held_by: [health], reads: called, answer: flag, windows: [{from: P0M, to: P3M, points: "1"}]}
  long_ago: {title: It, kind: risk, held_by: [health], reads: called, answer: flag, windows: [{from: P6M, points: "1"}]}
"""  # noqa: E501 - indicators by the line

BANDS = 'bands: [{id: low, from: "0"}, {id: high, from: "4"}, {id: top, from: null}]\n'

# what a floor asks for, and whether there can be such a child
FLOORS = {
    "under 13 and of an age from 13": ("all: [{age_below: 13}, {any_of: [older]}]", False),
    "under 16 and of an age from 13": ("all: [{age_below: 16}, {any_of: [older]}]", True),
    "under 13, or of an age from 13": ("any: [{age_below: 13}, {any_of: [older]}]", True),
    "two ages": ("all: [{any_of: [older]}, {any_of: [younger]}]", False),
    "either of two ages": ("all: [{age_below: 13}, {any_of: [older, younger]}]", True),
    "points of another age": ('all: [{age_below: 13}, {single_points_from: "4"}]', False),
    "points of that age": ('all: [{age_below: 13}, {single_points_from: "2"}]', True),
    "what stands under 13 only": ("all: [{any_of: [small]}, {any_of: [older]}]", False),
    "deep inside": ("all: [{any: [{age_below: 11}]}, {any: [{all: [{any_of: [older]}]}]}]", False),
    "younger than the model is for": ("age_below: 10", False),
    "the youngest that the model is for": ("age_below: 11", True),
    "everyone that the model is for": ("age_below: 30", True),
    "what began long ago and goes on": ("any_of: [moved], within: P3M", True),
    "two answers of one day": ("all: [{code: place, is: home}, {code: place, is: care}]", True),
    "yes and no of one day": ("all: [{code: small, is: yes}, {code: small, is: no}]", True),
    "what happened and did not": ("all: [{any_of: [moved]}, {code: moved, is: no}]", False),
    "what another sees as well": ("all: [{any_of: [as_moved]}, {code: moved, is: no}]", False),
    "yes and no of one event": ("all: [{code: moved, is: yes}, {code: moved, is: no}]", False),
    "an event, and what it rules out": ("all: [{any_of: [moved]}, {any_of: [stayed]}]", False),
    "an event, but not of late": ("all: [{any_of: [long_ago]}, {code: called, is: no}]", True),
    "an answer that gives no points": ("any_of: [place, place]", False),
}  # fmt: skip


def floor(condition: str) -> str:
    return f"floors: [{{id: it, band: top, reason: It, when: {{{condition}}}}}]\n"


def codes(text: str) -> set[str]:
    try:
        load(text, "reach.yaml")
    except ModelRefused as refusal:
        return {problem.code for problem in refusal.problems}
    return set()


@pytest.mark.parametrize(("condition", "can_fire"), FLOORS.values(), ids=FLOORS.keys())
def test_a_floor_that_no_child_can_meet_is_refused(condition: str, *, can_fire: bool) -> None:
    found = codes(ABOUT + LINES + BANDS + floor(condition))

    assert ("floor_unreachable" in found) != can_fire


def test_what_began_long_ago_and_goes_on_fires_a_floor_of_late() -> None:
    model = sketch(LINES, BANDS + floor("any_of: [moved], within: P3M"))

    known = evidence(seen("moved", "yes", "2025-09-01", "2026-05-01"))

    assert [each["id"] for each in answer(model, known)["floors"]] == ["it"]


@pytest.mark.parametrize(
    "condition", ["age_below: 10", "all: [{code: moved, is: yes}, {code: moved, is: no}]"]
)
def test_a_condition_that_no_child_can_meet_is_refused(condition: str) -> None:
    text = ABOUT + LINES.replace("when: {age_below: 13}", f"when: {{{condition}}}") + BANDS

    assert "when_unreachable" in codes(text)


def test_an_age_at_which_the_indicator_does_not_stand_is_refused() -> None:
    text = ABOUT + LINES.replace('points: "4"}]', 'points: "4"}], when: {age_below: 13}') + BANDS

    assert "range_unreachable" in codes(text)


def test_limits_that_nobody_lies_in_are_one_fault() -> None:
    text = ABOUT + LINES.replace("below: 18", "below: 10") + BANDS + floor("age_below: 13")

    assert codes(text) == {"applies_to_nobody"}


@pytest.mark.timeout(20)
def test_many_indicators_with_many_conditions_are_looked_at_soon() -> None:
    events = [f"e_{number}: {{{EVENT}}}" for number in range(6)]
    rules = [f"c_{n}: {{{RULE}}}" % (n % 100, n % 6, (n + 1) % 190) for n in range(190)]
    lines = "".join(f"  {line}\n" for line in [*events, *rules])
    floors = "".join(
        f"  - {{id: f_{age}, band: high, reason: It, when: {{all: [{{kind: risk}}, "
        f'{{single_points_from: "4"}}, {{age_below: {age}}}]}}}}\n'
        for age in range(1, 51)
    )
    assert "floor_unreachable" in codes(f"{ABOUT}indicators:\n{lines}{BANDS}floors:\n{floors}")


EVENT = (
    'title: It, kind: risk, held_by: [health], answer: flag, windows: [{from: P0M, points: "1"}]'
)
RULE = (
    'title: It, kind: risk, held_by: [health], answer: flag, points: "1", when: {all: [{any: '
    "[{age_below: %d}, {code: e_%d, is: no}]}, {code: c_%d, is: yes}]}"
)


@settings(max_examples=40, deadline=None)
@given(documents(), st.lists(children(), min_size=5, max_size=5))
def test_no_floor_that_is_refused_ever_fires(document: Json, some: list[Evidence]) -> None:
    suppositions = supposed(draft(document, DECIMALS))
    model = model_from(document)
    refused = [
        floor
        for floor in model.floors
        if not any(each.may_meet(floor.when) for each in suppositions)
    ]

    for known in some:
        standing = score(model, known, DAY_ZERO).standing
        assert standing is None or not set(refused).intersection(standing.fired)
