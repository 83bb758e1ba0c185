"""A model is changed at one place: loader and schema agree, and the schema is never stricter."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.scoring.domain.loading import load
from tests.domain.scoring.test_authoring import MODELS
from tests.domain.scoring.test_schema import loader_takes, loads, problems

GUIDE = [load(text, "guide").document for text in MODELS]
"""Small models that show every construct between them."""
VALUES: list[Any] = [
    None, True, False, 0, 5, -1, 121, 2.5, "", " ", "x", "yes", "not_known", "-3", "1001",
    "0.00001", "P0M", "P601M", "P3D", "2026-02-30", "1850-01-01", "sex", "a" * 65, "a" * 401,
    [], {}, ["x", "x"], [["x"]], {"x": "1"}, {"age_below": 3}, {"all": []},
    {"code": "x", "is": "yes", "kind": "harm"},
]  # fmt: skip
KEYS = [
    "x", "sex", "title", "kind", "points", "windows", "within", "absence", "each", "at_most",
    "ranges", "options", "reads", "when", "from", "to", "below", "all", "any_of", "age_below",
    "cap", "nearest",
]  # fmt: skip
HOW = ["change", "remove", "rename", "double", "add"]


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(GUIDE), st.data(), st.sampled_from(HOW),
    st.sampled_from(KEYS), st.sampled_from(VALUES),
)  # fmt: skip
def test_a_model_changed_at_one_place_is_taken_by_both_or_by_none(
    model: dict[str, Any], data: st.DataObject, how: str, key: str, value: Any
) -> None:
    document = deepcopy(model)
    holder, step = data.draw(st.sampled_from(list(places(document))))
    change(holder, step, how, key, deepcopy(value))

    if problems(document):
        assert not loader_takes(document) or not loads(document)
    else:
        assert loader_takes(document)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every mapping and list with each of its keys or numbers."""
    if isinstance(value, dict | list):
        for step in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, step
            yield from places(value[step])


def change(holder: Any, step: Any, how: str, key: str, value: Any) -> None:
    if how == "change":
        holder[step] = value
    elif how == "remove":
        del holder[step]
    elif how == "rename" and isinstance(holder, dict):
        holder[key] = holder.pop(step)
    elif how == "double" and isinstance(holder, list):
        holder.append(holder[step])
    elif isinstance(holder[step], dict):
        holder[step][key] = value
