"""Who is calling a service: the gateway's signed word, checked on every request.

A route names the scope it needs in its signature:
`caller: Annotated[Caller, needs("scores:read")]`.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Request, Security
from fastapi.security import OAuth2, SecurityScopes
from joserfc.jwk import KeySet

from shared.clock import Clock
from shared.contracts.caller import Caller
from shared.domain.access import Sight
from shared.domain.errors import ForbiddenError, UnavailableError
from shared.http.problems import UnreadableRequestError
from shared.http.tokens import TokenRefusedError, key_set, verify


class UnauthenticatedError(UnreadableRequestError):
    """No token, or none that counts."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(401, code, detail)
        self.headers = {"WWW-Authenticate": f'Bearer error="{code}"'}


class InsufficientScopeError(ForbiddenError):
    """The token is good, but lacks the scope that the route needs."""

    code = "insufficient_scope"


@dataclass(slots=True)
class TrustedKeys:
    """The gateway's public keys, as last fetched. A service without them is live, not ready."""

    issuer: str
    audience: str
    clock: Clock
    keys: KeySet | None = None

    def learn(self, jwks: dict[str, Any]) -> None:
        """Take the keys of a JWKS document."""
        self.keys = key_set(jwks["keys"])

    def caller_of(self, token: str) -> Caller:
        """The caller that a token stands for."""
        if self.keys is None:
            raise UnavailableError("This service has not reached the gateway's keys yet.")
        claims = verify(
            token, self.keys, issuer=self.issuer, audience=self.audience, now=self.clock()
        )
        return caller_from(claims)


def caller_from(claims: dict[str, Any]) -> Caller:
    """A caller from verified claims."""
    teams = claims.get("teams")
    return Caller(
        client_id=claims["client_id"],
        kind=claims["kind"],
        person_id=claims.get("person_id"),
        scopes=frozenset(claims.get("scope", "").split()),
        purpose=claims.get("purpose"),
        agency=claims.get("agency"),
        sources=tuple(claims.get("sources", ())),
        sight=Sight(
            teams=None if teams is None else frozenset(teams),
            clearances=frozenset(claims.get("clearances", ())),
        ),
    )


def claims_of(caller: Caller) -> dict[str, Any]:
    """The claims that `caller_from` reads back: what the gateway signs for a service."""
    teams = caller.sight.teams
    return {
        "sub": caller.client_id,
        "client_id": caller.client_id,
        "kind": caller.kind,
        "person_id": caller.person_id,
        "scope": " ".join(sorted(caller.scopes)),
        "purpose": caller.purpose,
        "agency": caller.agency,
        "sources": list(caller.sources),
        "teams": None if teams is None else sorted(teams),
        "clearances": sorted(caller.sight.clearances),
    }


_oauth2 = OAuth2(
    flows={"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {}}},
    scheme_name="OAuth2",
    auto_error=False,
)


def bearer_token(authorization: str | None) -> str:
    """The token of an Authorization header."""
    kind, _, token = (authorization or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise UnauthenticatedError(
            "missing_token", "Send an access token: Authorization: Bearer <token>."
        )
    return token


def authenticated(
    request: Request,
    scopes: SecurityScopes,
    authorization: Annotated[str | None, Security(_oauth2)],
) -> Caller:
    """The verified caller, holding every scope that the route asks for."""
    trusted: TrustedKeys = request.app.state.service.trusted_keys
    try:
        caller = trusted.caller_of(bearer_token(authorization))
    except TokenRefusedError as refused:
        raise UnauthenticatedError(refused.code, refused.detail) from None
    missing = [scope for scope in scopes.scopes if scope not in caller.scopes]
    if missing:
        raise InsufficientScopeError(
            f"This needs the scope {', '.join(missing)}.", missing_scopes=missing
        )
    return caller


def needs(scope: str) -> Any:  # noqa: ANN401  # FastAPI's own marker
    """For a route's signature: the caller, who must hold `scope`."""
    return Security(authenticated, scopes=[scope])
