"""The whole tracker in one process: SQLite under one folder, services reached without a network.

The only module that imports several services. The HTTP contract, the code and the journeys are
those of a deployment with one container a service.
"""

import json
import secrets
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr, TypeAdapter, ValidationError
from typing_extensions import override

from services.gateway import app as gateway
from services.gateway.demo import write_demo_credentials
from services.gateway.secret_files import SecretFileError, read_private, write_if_missing
from services.gateway.settings import SERVICES
from services.gateway.settings import Settings as GatewaySettings
from services.gateway.signing import new_signing_key
from services.referrals import app as referrals
from services.referrals.settings import Settings as ReferralsSettings
from services.scoring import app as scoring
from services.scoring.settings import Settings as ScoringSettings
from shared.clock import Clock, system_clock
from shared.http.problems import ProblemDetails

DEMO_CREDENTIALS = "demo-credentials.json"
STOP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Tracker:
    """The three apps, knowing each other."""

    apps: Mapping[str, FastAPI]

    @property
    def gateway(self) -> FastAPI:
        """The one that callers talk to."""
        return self.apps["gateway"]


def assemble(folder: Path, clock: Clock = system_clock) -> Tracker:
    """Make what is missing under `folder` (secrets, databases), then the apps. Demo mode."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    service_secrets = _service_secrets(folder / "service-secrets.json")
    new_signing_key(folder / "signing-key.pem")
    write_demo_credentials(folder / DEMO_CREDENTIALS)
    apps: dict[str, FastAPI] = {}

    def connect(name: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=apps[name], raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=f"http://{name}")

    def url(name: str) -> str:
        file = folder / f"{name}.db"
        file.touch(mode=0o600)  # SQLite makes its other files with the mode of this one
        return f"sqlite:///{file}"

    gateway_settings = GatewaySettings(
        database_url=url("gateway"),
        signing_key_file=folder / "signing-key.pem",
        service_secrets=service_secrets,
        demo=True,
        credentials_file=folder / DEMO_CREDENTIALS,
        instance="embedded",
    )
    referrals_settings = ReferralsSettings(
        database_url=url("referrals"), client_secret=service_secrets["referrals"]
    )
    scoring_settings = ScoringSettings(
        database_url=url("scoring"), client_secret=service_secrets["scoring"], demo=True
    )
    gateway.prepare(gateway_settings)
    referrals.prepare(referrals_settings)
    scoring.prepare(scoring_settings, clock)
    apps["gateway"] = gateway.create_app(gateway_settings, connect=connect, clock=clock)
    apps["referrals"] = referrals.create_app(referrals_settings, connect=connect, clock=clock)
    apps["scoring"] = scoring.create_app(scoring_settings, connect=connect, clock=clock)
    return Tracker(apps)


_SECRETS = TypeAdapter(dict[str, SecretStr])


def _service_secrets(path: Path) -> dict[str, SecretStr]:
    fresh = {name: secrets.token_urlsafe(32) for name in SERVICES}
    write_if_missing(path, json.dumps(fresh, indent=2) + "\n")
    content = read_private(path, "The file of the services' secrets")
    try:
        stored = _SECRETS.validate_json(content)
        return {name: stored[name] for name in SERVICES}
    except (ValidationError, KeyError):
        raise SecretFileError(
            f"The file of the services' secrets has another shape. Remove {path}, so that it is"
            " made again on the next start."
        ) from None


class Server(uvicorn.Server):
    """uvicorn, telling when it listens."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__(
            uvicorn.Config(
                tracker.gateway,
                access_log=False,  # paths hold children's ids; the gateway's own log has none
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        self.listening = threading.Event()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # uvicorn would raise a signal again once it has stopped, and tear down its caller.
        # Whoever serves from the main thread says when to stop: `stop_on_signal`.
        yield

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()


async def stop_on_signal(server: Server) -> None:
    """Ctrl-C and SIGTERM stop the server in good order; a second one at once."""
    with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            server.force_exit = server.should_exit
            server.should_exit = True


async def serve(tracker: Tracker, server: Server, listener: socket.socket) -> None:
    """Serve on a bound socket until told to stop, with every service's loops.

    A separate service starts its loops in its lifespan; an app reached in process has none. At the
    end the databases are closed: all that was written is in their files then, and not beside them.
    """
    try:
        async with anyio.create_task_group() as group:
            for name, app in tracker.apps.items():
                if name != "gateway":
                    group.start_soon(app.state.background.run)
            await server.serve([listener])
            group.cancel_scope.cancel()
    finally:
        for app in tracker.apps.values():
            app.state.service.database.engine.dispose()


def openapi(tracker: Tracker) -> dict[str, Any]:
    """One OpenAPI document for everything that the gateway offers."""
    apps = [*tracker.apps.values(), tracker.gateway.state.composed]
    documents = [app.openapi() for app in apps]
    whole: dict[str, Any] = {
        "openapi": documents[0]["openapi"],
        "info": {
            "title": "Amber",
            "version": documents[0]["info"]["version"],
            "description": "Child Exploitation Tracker: referrals, indicators, scores.\n\n"
            "Amber supports decisions; it never makes one.",
        },
        "paths": {},
        "components": {"schemas": _problem_schemas(), "securitySchemes": {}},
    }
    for document in documents:
        whole["paths"] |= document["paths"]
        for kind, found in document.get("components", {}).items():
            _join(whole["components"][kind], found)
    whole["paths"] = dict(sorted(whole["paths"].items()))
    return whole


def _problem_schemas() -> dict[str, Any]:
    # Routes refer to it by name: FastAPI describes models of 2xx answers and bodies only.
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "ProblemDetails": schema}


def _join(known: dict[str, Any], found: Mapping[str, Any]) -> None:
    """Two services may share a schema, but not a name for two different ones."""
    for name, schema in found.items():
        if known.setdefault(name, schema) != schema:
            raise ValueError(f"two services describe `{name}` otherwise: rename one")
