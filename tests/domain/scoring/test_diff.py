"""What changed between two versions, as a manager reads it."""

import pytest

from services.scoring.domain.diff import diff
from services.scoring.domain.loading import load
from tests.domain.scoring.small import SMALL


def texts(*changes: tuple[str, str]) -> list[str]:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    before, after = load(SMALL, "a.yaml"), load(text, "b.yaml")
    return [difference.text for difference in diff(before.document, after.document)]


def test_the_same_model_has_no_differences() -> None:
    assert texts(("decimals: 1", "decimals: 1  # as before")) == []


def test_a_window_is_named_by_its_ages() -> None:
    assert texts(
        ('to: P12M, points: "1"', 'to: P12M, points: "1.5"'), ('"6"', '"6.5"'), ('"8.5"', '"9"')
    ) == [
        "indicators, missing, windows, between 6 months and 12 months ago, points: 1 → 1.5",
        "bands, high, from: 6 → 6.5",
        "golden, lowest in high, expect, total: 6 → 6.5",
        "golden, lowest in high, expect, interval: 6, 8.5 → 6.5, 9",
    ]


def test_what_is_new_and_what_is_gone_are_said() -> None:
    found = texts(
        ("{id: harm,", "{id: hurt,"),
        ("floors: [harm]", "floors: [hurt]"),
    )

    assert found == [
        "floors, harm: removed, was id harm, band high, reason Someone is hurt, when kind harm",
        "floors, hurt: new, id hurt, band high, reason Someone is hurt, when kind harm",
        "golden, harm lifts the band, not the points, expect, floors: harm → hurt",
    ]


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"below": "5"}, "below 5"),
        ({"from": "5", "below": "9"}, "from 5 to below 9"),
        ({"from": "9"}, "from 9"),
        ({}, "any"),
        ({"from": 3}, "from 3"),
        ({"from": "P0M", "to": "P6M"}, "in the last 6 months"),
        ({"from": "P6M"}, "6 months ago or more"),
    ],
)
def test_a_range_or_a_window_is_named_by_what_it_holds(part: dict[str, object], name: str) -> None:
    before, after = ({"parts": [part | {"points": points}]} for points in ("1", "2"))

    assert [each.text for each in diff(before, after)] == [f"parts, {name}, points: 1 → 2"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"held_by": ["police"]}, {}, "held by: removed, was police"),
        ({"suggests": []}, {"suggests": ["visit"]}, "suggests: nothing → visit"),
        ({"suggests": ["visit"]}, {"suggests": []}, "suggests: visit → nothing"),
        ({"required": ["a", "b"]}, {"required": ["b"]}, "required: a, b → b"),
    ],
)
def test_a_list_without_names_is_told_whole(
    before: dict[str, object], after: dict[str, object], said: str
) -> None:
    assert [each.text for each in diff(before, after)] == [said]


def test_bands_that_changed_places_are_told() -> None:
    low, lifted, high = {"id": "low"}, {"id": "lifted"}, {"id": "high"}
    before, after = {"bands": [low, lifted, high]}, {"bands": [low, high, lifted]}

    assert [each.text for each in diff(before, after)] == [
        "bands, order: low, lifted, high → low, high, lifted"
    ]
    assert [each.text for each in diff(before, {"bands": [low, high]})] == [
        "bands, lifted: removed, was id lifted"
    ]


def test_conditions_in_conditions_say_which_belongs_to_which() -> None:
    one, other, third = {"age_below": 13}, {"code": "a", "is": "yes"}, {"any_of": ["b", "c"]}
    either = {"floors": [{"id": "f", "when": {"all": [{"any": [one, other]}, third]}}]}
    both = {"floors": [{"id": "f", "when": {"all": [{"any": [one]}, other, third]}}]}
    (found,) = diff(either, both)
    assert found.text == (
        "floors, f, when, all: (any (age_below 13; code a, is yes); any_of b, c)"
        " → (any (age_below 13); code a, is yes; any_of b, c)"
    )
