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
    "nearest is false": ("golden", None, None, [GOLDEN[0] | {"nearest": False}]),
}  # fmt: skip


def test_the_small_model_is_taken_by_both() -> None:
    assert problems(small()) == []
    assert loader_takes(small())


@pytest.mark.parametrize("change", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_shape_is_refused_by_both(change: tuple[Any, ...]) -> None:
    document = small()
    *path, value = [step for step in change if step is not None]
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value

    assert problems(document)
    assert not loader_takes(document)
