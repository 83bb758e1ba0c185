"""The gateway over HTTP with a real database, and services behind it that a test writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import anyio
import httpx
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.types import Message

from services.gateway.app import create_app
from services.gateway.demo import read_demo_credentials, write_demo_credentials
from services.gateway.settings import Settings
from services.gateway.signing import new_signing_key
from services.gateway.store import ledger
from services.gateway.tables import ledger_child, ledger_entry
from shared.storage.writing import Database
from tests.support.service import SettableClock

SERVICE_SECRETS = {
    "referrals": "3p8VqkYx0dT6mZrL9aWc2sNfJ7uHbE4g",
    "scoring": "Qe7nB2xVw9KzL4tRm8YcH1pDs6GfUa3j",
}
Answers = Callable[[httpx.Request], httpx.Response]


@dataclass
class FakeServices:
    """Answers as the test says; keeps every request that reached a service."""

    answers: Answers = lambda _request: httpx.Response(200, json={})
    seen: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.answers(request)

    def connect(self, name: str) -> httpx.AsyncClient:
        """Open a client to the service `name`, as the gateway asks for."""
        return httpx.AsyncClient(
            base_url=f"http://{name}", transport=httpx.MockTransport(self._answer)
        )

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        return self(request)


@dataclass
class GatewayUnderTest:
    """An app, its settings, and what is behind it."""

    app: FastAPI
    settings: Settings
    clock: SettableClock
    services: FakeServices
    secrets: dict[str, str]

    @property
    def database(self) -> Database:
        """The gateway's own database."""
        database: Database = self.app.state.service.database
        return database

    def anybody(self, **headers: str) -> TestClient:
        """A client without a token."""
        return TestClient(self.app, headers=headers, raise_server_exceptions=False)

    def fetch_token(self, client_id: str, **form: str) -> httpx.Response:
        """Ask the token endpoint, with the right secret."""
        response: Any = self.anybody().post(
            "/oauth2/token",
            data={"grant_type": "client_credentials", **form},
            auth=(client_id, self.secrets[client_id]),
        )
        return response  # type: ignore[no-any-return]

    def token(self, client_id: str, **form: str) -> str:
        """An access token of a demo consumer."""
        response = self.fetch_token(client_id, **form)
        assert response.status_code == 200, response.text
        return str(response.json()["access_token"])

    def client(self, client_id: str, **form: str) -> TestClient:
        """A client that sends the token of a demo consumer."""
        return self.anybody(Authorization=f"Bearer {self.token(client_id, **form)}")


def gateway_settings(folder: Path, database_url: str, **changes: Any) -> Settings:
    """Settings for a demo gateway whose secrets lie in `folder`."""
    key, credentials = folder / "signing-key.pem", folder / "demo-credentials.json"
    new_signing_key(key)
    write_demo_credentials(credentials)
    known: dict[str, Any] = {
        "database_url": database_url,
        "signing_key_file": key,
        "service_secrets": SERVICE_SECRETS,
        "demo": True,
        "credentials_file": credentials,
        "instance": "gateway-1",
        "deadline_seconds": 5,
    }
    return Settings(**{**known, **changes})


@contextmanager
def running_gateway(
    folder: Path,
    database_url: str,
    clock: SettableClock,
    services: FakeServices | None = None,
    **changes: Any,
) -> Iterator[GatewayUnderTest]:
    """A gateway with fake services behind it."""
    settings = gateway_settings(folder, database_url, **changes)
    services = services or FakeServices()
    app = create_app(settings, connect=services.connect, clock=clock)
    assert settings.credentials_file is not None
    secrets = read_demo_credentials(settings.credentials_file) | SERVICE_SECRETS
    gateway = GatewayUnderTest(app, settings, clock, services, secrets)
    yield gateway
    gateway.database.engine.dispose()


def ledger_entries(gateway: GatewayUnderTest) -> list[dict[str, Any]]:
    """Every entry in the ledger with its children."""
    with gateway.database.reading() as connection:
        rows = connection.execute(select(ledger_entry).order_by(ledger_entry.c.position))
        found = [dict(row) for row in rows.mappings()]
        for entry in found:
            entry["children"] = set(
                connection.scalars(
                    select(ledger_child.c.child_id).where(
                        ledger_child.c.position == entry["position"]
                    )
                )
            )
    return found


def ledger_faults(gateway: GatewayUnderTest) -> list[str]:
    """What is wrong with the ledger's chains."""
    with gateway.database.reading() as connection:
        return list(ledger.faults(connection))


def look_often(app: FastAPI, token: str, path: str, times: int) -> list[int]:
    """Many looks at once through one app."""
    statuses: list[int] = []

    async def look(client: httpx.AsyncClient) -> None:
        statuses.append((await client.get(path)).status_code)

    async def all_at_once() -> None:
        async with (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://gateway",
                headers={"Authorization": f"Bearer {token}"},
            ) as client,
            anyio.create_task_group() as group,
        ):
            for _ in range(times):
                group.start_soon(look, client)

    anyio.run(all_at_once)
    return statuses


def raw_request(gateway: GatewayUnderTest, path: str, *, method: str = "GET") -> dict[str, Any]:
    """Send a path exactly as written: clients tidy it up first."""
    token = gateway.token("social-worker")
    scope = {
        "type": "http",
        "method": method,
        "path": unquote_to_bytes(path).decode("utf-8", "surrogateescape"),
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token}".encode())],
    }
    answer: dict[str, Any] = {}

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.update(status=message["status"], headers=dict(message["headers"]))

    anyio.run(gateway.app, scope, receive, send)
    return answer
