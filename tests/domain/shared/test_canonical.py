"""Canonical JSON: the quick way says, byte for byte, what RFC 8785 says."""

from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.canonical import canonical_bytes

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
