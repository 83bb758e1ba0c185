"""One service over HTTP with a real database, called as the gateway would call it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from joserfc.jwk import OKPKey

from shared.contracts.caller import Caller
from shared.domain.access import Sight
from shared.http.callers import claims_of
from shared.http.service import Service
from shared.http.tokens import sign

ISSUER = "amber"
SERVICE_SECRET = "Zq3v8Yk0xT5mWr7nLp2sJd9fHb4gCa61"  # noqa: S105  # a test's own
NOWHERE: Mapping[str, str] = dict.fromkeys(
    ("gateway", "referrals", "scoring"), "http://nowhere.invalid"
)
"""The other services of one that is tested alone."""
SEES_EVERYTHING = Sight(teams=None, clearances=frozenset({"restricted", "staff_relative"}))


class SettableClock:
    """A clock that stands where a test puts it."""

    def __init__(self, now: datetime = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **units: float) -> None:
        """Move on by a timedelta's units."""
        self.now += timedelta(**units)


@dataclass
class ServiceUnderTest:
    """An app whose tokens this test signs itself, as the gateway would."""

    app: FastAPI
    clock: SettableClock
    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519", {"kid": "test"}))

    def __post_init__(self) -> None:
        self.service.trusted_keys.learn({"keys": [self.key.as_dict(private=False)]})

    @property
    def service(self) -> Service:
        """The service inside the app."""
        service: Service = self.app.state.service
        return service

    def token(self, caller: Caller, **changes: Any) -> str:
        """A token for a caller, with claims changed as a forger might."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": ISSUER,
            "aud": self.service.name,
            "iat": now,
            "exp": now + 300,
            **claims_of(caller),
            **changes,
        }
        return sign(claims, self.key)

    def client(self, *scopes: str, **facts: Any) -> TestClient:
        """A client whose caller holds `scopes`; `facts` are further fields of the Caller."""
        caller = caller_with(scopes, **facts)
        return TestClient(
            self.app,
            headers={"Authorization": f"Bearer {self.token(caller)}"},
            raise_server_exceptions=False,
        )


def caller_with(scopes: Iterable[str], **facts: Any) -> Caller:
    """A caller who sees everything, unless `facts` say otherwise."""
    known = {"client_id": "test-person", "kind": "person", "person_id": "p-test"}
    return Caller(**{**known, "sight": SEES_EVERYTHING, **facts, "scopes": frozenset(scopes)})
