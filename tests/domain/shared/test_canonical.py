"""Canonical JSON: the quick way says, byte for byte, what RFC 8785 says."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.canonical import canonical_bytes, record_bytes

WHOLE = st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1)
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner)
    ),
    max_leaves=20,
)


@given(JSON)
def test_any_document_has_the_bytes_of_rfc_8785(document: object) -> None:
    assert canonical_bytes(document) == rfc8785.dumps(document)  # type: ignore[arg-type]


class Word(StrEnum):
    YES = "yes"


@pytest.mark.parametrize(
    "document",
    [
        "".join(map(chr, range(0x100))),
        "\u2028\u2029\ufeff\U0001f600",
        {"\ue000": 1, "\U0001f600": 2, "\ud7ff": 3},
        {"b": 1, "a": [True, None, -0, 2**53 - 1, Word.YES], "B": {}},
        ({}, [], ()),
        1.5,
    ],
)
def test_the_corners_too(document: object) -> None:
    assert canonical_bytes(document) == rfc8785.dumps(document)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "document", ["\ud800", {"\ud800": 1}, 2**53, -(2**53), {1: 2}, {None: 1}, float("nan"), [b"x"]]
)
def test_what_has_no_canonical_form_is_refused(document: object) -> None:
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical_bytes(document)  # type: ignore[arg-type]


@given(st.uuids(), st.dates(), st.text(st.characters(exclude_categories=["Cs"])), WHOLE)
def test_ids_and_days_of_a_record_are_the_texts_that_they_are_everywhere(
    one: UUID, day: date, text: str, number: int
) -> None:
    said: dict[str, Any] = {
        "child_id": one,
        "days": [day, None, True],
        "text": text,
        "number": number,
    }
    spelled = {**said, "child_id": str(one), "days": [day.isoformat(), None, True]}
    assert record_bytes(said) == rfc8785.dumps(spelled)


@pytest.mark.parametrize("record", [["\ud800"], [2**53], [b"x"], [object()]])
def test_what_no_record_holds_is_refused(record: list[object]) -> None:
    with pytest.raises(ValueError, match=r"surrogate|range|serializable|UTF-8"):
        record_bytes(record)  # type: ignore[arg-type]
