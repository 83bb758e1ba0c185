"""Tokens that somebody else made: whatever they say, they are refused, and nothing else happens."""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from shared.http.tokens import MAX_LENGTH, TokenRefusedError, key_set, sign, verify

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ISSUED = int(NOW.timestamp())
KEY = OKPKey.generate_key("Ed25519", {"kid": "ours"})
KEYS = key_set([KEY.as_dict(private=False)])
CLAIMS = {"iss": "amber", "aud": "scoring", "sub": "x", "iat": ISSUED, "exp": ISSUED + 60}
OUR_HEADER = {"alg": "Ed25519", "typ": "at+jwt", "kid": "ours"}


def verified(token: str) -> dict[str, Any]:
    return verify(token, KEYS, issuer="amber", audience="scoring", now=NOW)


def refused(token: str) -> bool:
    with pytest.raises(TokenRefusedError) as found:
        verified(token)
    return found.value.code == "invalid_token"


def segment(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def with_header(header: object) -> str:
    _, payload, signature = sign(CLAIMS, KEY).split(".")
    return f"{segment(header)}.{payload}.{signature}"


def test_a_token_of_ours_is_taken() -> None:
    assert verified(sign(CLAIMS, KEY)) == CLAIMS


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "Ed25519", "crit": 5},
        {**OUR_HEADER, "crit": 5},
        {**OUR_HEADER, "crit": ["b64"], "b64": False},
        {**OUR_HEADER, "crit": [{}]},
        {**OUR_HEADER, "b64": False},
        {**OUR_HEADER, "alg": []},
        {**OUR_HEADER, "kid": {}},
        {**OUR_HEADER, "kid": None},
        {**OUR_HEADER, "typ": ["at+jwt"]},
        {"alg": "Ed25519", "typ": "at+jwt"},
        [],
        "text",
        None,
        5,
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: object) -> None:
    assert refused(with_header(header))


def test_a_header_that_is_not_ours_is_refused_though_we_signed_it() -> None:
    header = {**OUR_HEADER, "crit": ["b64"], "b64": True}
    payload = json.dumps(CLAIMS).encode()
    assert refused(jws.serialize_compact(header, payload, KEY, algorithms=["Ed25519"]))


def test_a_token_longer_than_any_of_ours_is_refused_unread() -> None:
    assert refused("a" * (MAX_LENGTH + 1))
    assert refused(segment([[]] * 10) + "." + "[" * 10_000 + ".x")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(["alg", "typ", "kid", "crit", "b64", "zip", "enc", "cty", "jwk", "x5c"])
OURS = st.sampled_from(sorted({*OUR_HEADER.values(), "b64", "HS256", "none"}))
HEADERS = st.dictionaries(FIELDS, JSON | OURS) | JSON


@settings(max_examples=300, deadline=None)
@given(HEADERS)
def test_no_header_is_anything_but_refused(header: Mapping[str, Any]) -> None:
    if header != OUR_HEADER:
        assert refused(with_header(header))


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1")))
def test_no_text_is_anything_but_refused(text: str) -> None:
    _, payload, signature = sign(CLAIMS, KEY).split(".")
    for token in (text, f"{text}.{payload}.{signature}", f"{segment(OUR_HEADER)}.{text}.{text}"):
        assert refused(token)
    if text.rstrip("=") != payload:
        assert refused(f"{segment(OUR_HEADER)}.{payload}.{text}")
