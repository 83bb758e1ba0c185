"""Laws of the difference of two versions: nothing is silent, nothing is noise."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.diff.document import BY_WEIGHT, DOCUMENT, diff
from services.scoring.domain.diff.shapes import Fields, Named
from services.scoring.domain.language import grammar
from services.scoring.domain.language.indicators import INDICATOR
from services.scoring.domain.language.records import ListOf, MapOf, Record
from tests.domain.scoring.builders import shipped
from tests.domain.scoring.random_models import documents

Json = Any
Path = tuple[str | int, ...]
NAMES = ("seraf/2.0.yaml", "child-exploitation/0.1.yaml")


def said(before: Json, after: Json) -> list[str]:
    return [difference.text for difference in diff(before, after)]


def shuffled(value: Json, at_random: Random, key: str = "") -> Json:
    """The same in another order, where order means nothing."""
    if isinstance(value, dict):
        parts = [(each, shuffled(part, at_random, each)) for each, part in value.items()]
        return dict(at_random.sample(parts, len(parts)))
    if isinstance(value, list) and key not in {"bands", "interval", "band_range"}:
        return [shuffled(each, at_random) for each in at_random.sample(value, len(value))]
    return value


@pytest.mark.parametrize("name", NAMES)
def test_an_order_that_means_nothing_is_no_difference(name: str) -> None:
    document = shipped(name).document

    for seed in range(5):
        assert said(document, shuffled(document, Random(seed))) == []  # noqa: S311


@settings(max_examples=40, deadline=None)
@given(documents(), documents(), st.randoms(use_true_random=False))
def test_any_two_models_differ_in_lines_without_a_word_of_yaml(
    before: Json, after: Json, at_random: Random
) -> None:
    for line in said(before, after):
        for odd in ("_", "\n", "{", "None", "P0", "P6M", "any_of", "single points", ": ;", "; ;"):
            assert odd not in line
    assert said(before, shuffled(before, at_random)) == []


def leaves(value: Json, path: Path = ()) -> Iterator[Path]:
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        if isinstance(part, dict | list) and part:
            yield from leaves(part, (*path, key))
        else:
            yield (*path, key)


def changed(value: Json, path: Path) -> Json:
    key, *rest = path
    new = changed(value[key], tuple(rest)) if rest else another(value[key])
    if isinstance(value, dict):
        return value | {key: new}
    return [new if place == key else each for place, each in enumerate(value)]


def another(value: Json) -> Json:
    if isinstance(value, int):
        return value + 1
    if value in (None, [], "sum"):
        return "1" if value is None else ["x"] if value == [] else "max"
    if value.startswith("P") and value[1:-1].isdigit():
        return "P9D"
    if value[:4].isdigit() and value[4:5] == "-":
        return "1999-12-31"
    return f"{value}x"


NEVER_ALONE = {("indicators", "answer"), ("indicators", "means")}
"""The kind of answer changes with what it gives; what silence means is always no."""


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_stands_in_a_model_can_change_in_silence(name: str) -> None:
    document = shipped(name).document
    paths = [path for path in leaves(document) if (path[0], path[-1]) not in NEVER_ALONE]

    assert [path for path in paths if not said(document, changed(document, path))] == []


def test_each_key_of_the_language_has_words() -> None:
    said_of_indicators = BY_WEIGHT.keys.keys() | {"answer"}

    assert said_of_indicators == {key for each in INDICATOR.variants for key in each.record.keys}
    assert list(without_words(DOCUMENT, grammar.DOCUMENT)) == []


def without_words(words: object, shape: object) -> Iterator[str]:
    if isinstance(words, Named):
        yield from without_words(words.shape, shape)
    elif isinstance(shape, ListOf):
        yield from without_words(words, shape.item)
    elif isinstance(shape, MapOf):
        yield from without_words(words, shape.value)
    elif isinstance(words, Fields) and isinstance(shape, Record):
        yield from shape.keys.keys() - words.keys.keys() - {"id", "name"}
        for key in words.keys:
            yield from without_words(words.keys[key][1], shape.keys[key].shape)
