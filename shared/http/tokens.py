"""Signed tokens: JWT access tokens (RFC 9068), Ed25519, of short life, for one audience."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
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
    try:
        decoded = jwt.decode(token, keys, algorithms=[ALGORITHM])
    except (JoseError, ValueError):
        raise _invalid() from None
    claims = decoded.claims
    good = (
        decoded.header.get("typ") == TYPE
        and claims.get("iss") == issuer
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


def key_set(keys: Sequence[Mapping[str, Any]]) -> KeySet:
    """The public keys of a JWKS document."""
    return KeySet([OKPKey.import_key(dict(key)) for key in keys])


def _invalid() -> TokenRefusedError:
    # A new one each time: an error raised twice keeps every frame of the first time alive.
    return TokenRefusedError(
        "invalid_token", "The access token is not one that this tracker issued for this service."
    )
