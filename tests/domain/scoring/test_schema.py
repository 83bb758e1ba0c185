"""The JSON Schema and the loader are one language: what the one takes, the other takes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from services.scoring.domain.language.findings import Findings
from services.scoring.domain.language.grammar import DOCUMENT
from services.scoring.domain.language.tree import parse
from services.scoring.domain.loading import load
from services.scoring.domain.problems import ModelRefused
from tests.domain.scoring.builders import shipped
from tests.domain.scoring.random_models import documents
from tests.domain.scoring.small import SMALL

SCHEMA = json.loads(Path("docs/riskmodel-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def problems(document: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(document)]


def loader_takes(document: Any) -> bool:
    found = Findings(decimals=4)
    DOCUMENT.read(parse(json.dumps(document), "a.json", found.refuse_syntax), (), found)
    return not found.problems


@pytest.mark.parametrize("name", ["seraf/1.0.yaml", "child-exploitation/0.1.yaml"])
def test_a_shipped_model_meets_the_schema(name: str) -> None:
    assert problems(shipped(name).document) == []


GOLDEN = [{"name": "one", "as_of": "2026-01-01", "expect": {"total": "1"}}]


@settings(max_examples=40, deadline=None)
@given(documents())
def test_a_random_model_is_taken_by_both(document: dict[str, Any]) -> None:
    whole = document | {"golden": GOLDEN}

    assert problems(whole) == []
    assert loader_takes(whole)


def small() -> dict[str, Any]:
    plain = YAML(typ="safe", pure=True).load(SMALL.replace("yes", '"yes"'))
    found: dict[str, Any] = json.loads(json.dumps(plain, default=str))
    return found


FAULTS: dict[str, Any] = {
    "a number for points": ("indicators", "hurt", "points", 2.5),
    "an unknown key": ("indicators", "hurt", "ponts", "1"),
    "an unknown kind": ("indicators", "hurt", "kind", "sign"),
    "no such answer": ("indicators", "hurt", "answer", "maybe"),
    "windows and points": ("indicators", "missing", "points", "1"),
    "a bad duration": ("indicators", "hurt", "within", "P1Y"),
    "no time at all": ("indicators", "hurt", "within", "P0M"),
    "a bad name": ("indicators", "Bad Name", None, {}),
    "a wrong language": ("schema", None, None, "riskmodel/2"),
    "text for decimals": ("decimals", None, None, "1"),
    "no bands": ("bands", None, None, []),
    "a floor of nothing": (
        "floors", None, None, [{"id": "a", "band": "b", "reason": "c", "when": {}}],
    ),
    "a floor of two": (
        "floors", None, None,
        [{"id": "a", "band": "b", "reason": "c", "when": {"kind": "harm", "age_below": 3}}],
    ),
    "a short reason": ("change", "reason", None, "short"),
    "one end of an interval": (
        "golden", None, None, [GOLDEN[0] | {"expect": {"interval": ["1"]}}],
    ),
    "nothing expected": ("golden", None, None, [GOLDEN[0] | {"expect": {}}]),
    "more points than there can be": ("indicators", "hurt", "points", "1000.5"),
    "points with a line end": ("indicators", "hurt", "points", "3\n"),
    "more than fifty years": ("indicators", "hurt", "within", "P601M"),
    "a date long ago": ("effective_from", None, None, "1850-01-01"),
    "a date in no year": ("effective_from", None, None, "2026-02-30"),
    "a title of blanks": ("indicators", "hurt", "title", " "),
    "a title with a hidden character": ("indicators", "hurt", "title", "a\u202eb"),
    "a reason of blanks": ("change", "reason", None, "why" + " " * 30),
    "nearest is false": ("golden", None, None, [GOLDEN[0] | {"nearest": False}]),
}  # fmt: skip


def test_the_small_model_is_taken_by_both() -> None:
    assert problems(small()) == []
    assert loader_takes(small())


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_shape_is_refused_by_both(change: tuple[Any, ...]) -> None:
    document = changed_small(change)

    assert problems(document)
    assert not loader_takes(document)


def changed_small(change: tuple[Any, ...]) -> dict[str, Any]:
    document = small()
    *path, value = [step for step in change if step is not None]
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


HURT = {"title": "Hurt", "kind": "harm", "held_by": ["health"], "answer": "flag", "points": "2"}
ZERO = {"single_points_from": "0"}
SIGNS: dict[str, Any] = {
    "a risk below 0": ("indicators", "hurt", "points", "-1"),
    "points of context": ("indicators", "hurt", HURT | {"kind": "context"}),
    "a count below 0": (
        "indicators", "hurt",
        HURT | {"kind": "protective", "answer": "count", "ranges": [{"points": "-1"}]},
    ),
    "events that give nothing": (
        "indicators", "hurt", HURT | {"answer": "count", "each": "0", "at_most": "1"},
    ),
    "a cap of 0": ("groups", {"signs": {"combine": "sum", "cap": "0.0"}}),
    "a floor from 0 points": (
        "floors", 0, {"id": "a", "band": "high", "reason": "b", "when": ZERO},
    ),
    "a code never scored": ("indicators", "hurt", "reads", "ethnicity"),
    "a name never scored": ("indicators", "sex", HURT),
    "a condition never scored": ("indicators", "hurt", "when", {"code": "idaci", "is": "yes"}),
}  # fmt: skip


@pytest.mark.parametrize("change", SIGNS.values(), ids=SIGNS.keys())
def test_what_a_kind_rules_out_is_refused_by_both(change: tuple[Any, ...]) -> None:
    document = changed_small(change)

    assert problems(document)
    assert not loads(document)


TAKEN: dict[str, Any] = {
    "a protective indicator below 0": (
        "indicators",
        "hurt",
        HURT | {"kind": "protective", "points": "-2"},
    ),
    "context of nothing": ("indicators", "hurt", HURT | {"kind": "context", "points": "-0.0"}),
}


@pytest.mark.parametrize("change", TAKEN.values(), ids=TAKEN.keys())
def test_what_a_kind_allows_is_taken(change: tuple[Any, ...]) -> None:
    assert problems(changed_small(change)) == []


def loads(document: Any) -> bool:
    try:
        load(json.dumps(document), "a.json")
    except ModelRefused:
        return False
    return True
