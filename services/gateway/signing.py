"""The gateway's signing key, and the tokens that it signs.

Access tokens are for consumers (audience `amber`); internal tokens are for one service and one
request's time, and carry what that service must know of the caller.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from services.gateway.domain.grants import Grant
from services.gateway.secret_files import SecretFileError, read_private, write_if_missing
from shared.contracts.caller import Caller
from shared.http.callers import claims_of
from shared.http.tokens import ALGORITHM, sign
from shared.ids import new_id

INTERNAL_LIFE = timedelta(seconds=60)


def new_signing_key(path: Path) -> bool:
    """Make a private key for `signing_key_file`, unless there is one. Returns whether it did."""
    pem = OKPKey.generate_key("Ed25519").as_pem(private=True)
    return write_if_missing(path, pem.decode())


@dataclass(frozen=True, slots=True)
class Signer:
    """The private key, and who the tokens say that they are from."""

    issuer: str
    key: OKPKey

    @property
    def public_keys(self) -> KeySet:
        """What a token is verified with."""
        return KeySet([OKPKey.import_key(self.key.as_dict(private=False))])

    def access_token(self, client_id: str, granted: Grant, now: datetime) -> str:
        """A consumer's token (RFC 9068)."""
        scope = " ".join(sorted(granted.scopes))
        claims = {"sub": client_id, "client_id": client_id, "scope": scope}
        return self._signed(claims, granted.audience, now, granted.life)

    def service_token(
        self, caller: Caller, service: str, now: datetime, life: timedelta = INTERNAL_LIFE
    ) -> str:
        """A token that tells one service who is calling."""
        return self._signed(claims_of(caller), service, now, life)

    def _signed(self, claims: dict[str, Any], audience: str, now: datetime, life: timedelta) -> str:
        issued = int(now.timestamp())
        return sign(
            {
                **claims,
                "iss": self.issuer,
                "aud": audience,
                "iat": issued,
                "exp": issued + int(life.total_seconds()),
                "jti": str(new_id()),
            },
            self.key,
        )


def load_signer(issuer: str, path: Path) -> Signer:
    """A signer with the Ed25519 private key (PEM) in a file.

    Raises:
        SecretFileError: no key, not this kind, or one that others can read.
    """
    pem = read_private(path, "The signing key")
    unfit = SecretFileError(
        f"The signing key {path} is no Ed25519 private key in PEM; make one with"
        " `openssl genpkey -algorithm ed25519`."
    )
    try:
        key = OKPKey.import_key(pem)
    except (JoseError, ValueError):
        raise unfit from None
    if not key.is_private or key.curve_name != "Ed25519":
        raise unfit
    return Signer(
        issuer, OKPKey.import_key(pem, {"kid": key.thumbprint(), "use": "sig", "alg": ALGORITHM})
    )
