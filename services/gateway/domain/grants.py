"""What a token request is granted (RFC 6749, RFC 8707), as a rule without HTTP or database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.domain.policy import COMPOSED, Policy, scopes_of

CONSUMERS = "amber"
"""The audience of access tokens for consumers: this tracker's API."""
CONSUMER_LIFE = timedelta(minutes=10)
SERVICE_LIFE = timedelta(minutes=5)


class GrantRefusedError(Exception):
    """Why there is no token. `error` is a code of RFC 6749 or RFC 8707."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error, self.description = error, description


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token may be used for."""

    audience: str
    scopes: frozenset[str]
    life: timedelta


def grant(policy: Policy, consumer: Consumer, asked: Mapping[str, str], *, demo: bool) -> Grant:
    """What a consumer that has shown its secret is granted.

    Raises:
        GrantRefusedError: `unauthorized_client`, `invalid_target` or `invalid_scope`.
    """
    if consumer.kind is Kind.PERSON and not demo:
        raise GrantRefusedError(
            "unauthorized_client", "People sign in through the council's identity provider."
        )
    audience = _audience(policy, consumer, asked)
    held = scopes_of(policy, consumer)
    scopes = frozenset(asked["scope"].split()) if "scope" in asked else held
    if not scopes or not scopes <= held:
        raise GrantRefusedError(
            "invalid_scope", f"Ask for some of: {' '.join(sorted(held)) or 'nothing'}."
        )
    life = SERVICE_LIFE if consumer.kind is Kind.SERVICE else CONSUMER_LIFE
    return Grant(audience, scopes, life)


def _audience(policy: Policy, consumer: Consumer, asked: Mapping[str, str]) -> str:
    if consumer.kind is Kind.SERVICE:
        offered = policy.services - {consumer.client_id, COMPOSED}
    else:
        offered = frozenset({CONSUMERS})
    wanted = {asked[name] for name in ("audience", "resource") if name in asked}
    if not wanted and consumer.kind is not Kind.SERVICE:
        return CONSUMERS
    if len(wanted) != 1 or not wanted <= offered:
        raise GrantRefusedError(
            "invalid_target", f"Ask for one audience of: {', '.join(sorted(offered))}."
        )
    return wanted.pop()
