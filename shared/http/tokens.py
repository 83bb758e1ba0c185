"""Signed tokens: JWT access tokens (RFC 9068), Ed25519, of short life, for one audience."""

import json
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
MAX_LENGTH = 16 * 1024
"""A longer token isn't looked at."""
_TO_STANDARD = str.maketrans("-_", "+/")
LEEWAY_SECONDS = 5
"""Clocks of two machines differ by this much at most before tokens are refused."""


class TokenRefusedError(Exception):
    """A token that isn't ours, not for us, or not now. `code` says which, for the caller."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


def sign(claims: Mapping[str, Any], key: OKPKey) -> str:
    """A compact JWS over claims, typed `at+jwt`, naming its key."""
    header = {"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}
    return jwt.encode(header, dict(claims), key, algorithms=[ALGORITHM])


def verify(
    token: str, keys: KeySet, *, issuer: str, audience: str, now: datetime
) -> dict[str, Any]:
    """The claims of a token, or `TokenRefusedError`.

    Raises:
        TokenRefusedError: `expired_token`, or `invalid_token` for every other reason; a caller
            learns no more than that.
    """
    if not _has_our_header(token):
        raise _invalid()
    try:
        claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        # What it says is decided by whoever sent it, and how the library trips over it too.
        raise _invalid() from None
    good = (
        claims.get("iss") == issuer
        and claims.get("aud") == audience
        and isinstance(claims.get("sub"), str)
        and isinstance(claims.get("iat"), int)
        and isinstance(claims.get("exp"), int)
        and claims["iat"] <= now.timestamp() + LEEWAY_SECONDS
    )
    if not good:
        raise _invalid()
    if now.timestamp() > claims["exp"] + LEEWAY_SECONDS:
        raise TokenRefusedError("expired_token", "The access token has expired; fetch another.")
    return dict(claims)


def _has_our_header(token: str) -> bool:
    """Whether a token has the three parts and exactly the header that `sign` writes. The library
    acts on any other field (`crit`, `b64`, `zip` …) before it has looked at the signature."""
    encoded, *rest = token.split(".")
    if len(token) > MAX_LENGTH or len(rest) != 2:  # header.payload.signature
        return False
    try:
        padded = encoded.translate(_TO_STANDARD) + "=" * (-len(encoded) % 4)
        header = json.loads(a2b_base64(padded.encode("ascii"), strict_mode=True))
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(header, dict)
        and header.keys() == {"alg", "typ", "kid"}
        and (header["alg"], header["typ"]) == (ALGORITHM, TYPE)
        and isinstance(header["kid"], str)
    )


def key_set(keys: Sequence[Mapping[str, Any]]) -> KeySet:
    """The public keys of a JWKS document."""
    return KeySet([OKPKey.import_key(dict(key)) for key in keys])


def _invalid() -> TokenRefusedError:
    # A new one each time: an error raised twice keeps every frame of the first time alive.
    return TokenRefusedError(
        "invalid_token", "The access token is not one that this tracker issued for this service."
    )
