"""Assembling the gateway."""

import logging
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from starlette.routing import Route

from services.gateway.composed import composed_app, within
from services.gateway.consumers import register, service_consumer
from services.gateway.demo import demo_consumers, read_demo_credentials
from services.gateway.domain.grants import CONSUMERS
from services.gateway.gateway import Gateway, own_threads
from services.gateway.ledger import open_ledger
from services.gateway.policy import load_policy
from services.gateway.proxy import Proxy
from services.gateway.request_log import RequestLog
from services.gateway.settings import Settings
from services.gateway.signing import load_signer
from services.gateway.store.database import MIGRATIONS, open_gateway_database
from services.gateway.tokens import tokens_router
from services.gateway.upstream import Upstreams, over_aiohttp
from shared.background import Background
from shared.clock import Clock, system_clock
from shared.http.app import service_app
from shared.http.callers import TrustedKeys
from shared.http.cursors import Cursors
from shared.http.health import database_check
from shared.http.service import Service
from shared.peers import Connect
from shared.starting import starting
from shared.storage.migrations import migrate
from shared.storage.writing import Database

OPENAPI_FILE = Path(__file__).with_name("openapi.json")


def prepare(settings: Settings) -> None:
    """Bring the database up to date. Run before the service."""
    database = open_gateway_database(settings.database_url)
    migrate(database.engine, MIGRATIONS)
    database.engine.dispose()


def create_app(
    settings: Settings, *, connect: Connect | None = None, clock: Clock = system_clock
) -> FastAPI:
    """The gateway's app. `connect` opens a client to `referrals` or `scoring`, on first use.

    The database must have the newest schema. Its engine is opened and the consumers of the
    settings are registered here, not in a lifespan, which an app run in process doesn't have.

    Raises:
        SecretFileError, FileFaultsError: the key, the credentials or the policy are unfit.
    """
    signer = load_signer(settings.issuer, settings.signing_key_file)
    policy = load_policy()
    database = open_gateway_database(settings.database_url)
    _register_consumers(database, settings, clock)
    keys = signer.public_keys
    gateway = Gateway(database, policy, signer, keys, clock, settings.demo, own_threads())
    services = Upstreams(
        connect or over_aiohttp(settings.urls, settings.deadline_seconds),
        settings.deadline_seconds,
    )
    composed = composed_app(gateway, services)
    upstreams = Upstreams(within(composed, services.connect), settings.deadline_seconds)
    app = service_app(
        Service(
            "gateway",
            database,
            clock,
            TrustedKeys(settings.issuer, CONSUMERS, clock, keys),
            Cursors.of_no_list(),
        ),
        "Amber",
        [tokens_router(gateway), _openapi_router()],
        Background({}, [services.close, upstreams.close]),
        {"database": database_check(database, MIGRATIONS)},
    )
    app.router.redirect_slashes = False
    ledger = open_ledger(database, settings.instance, clock)
    app.router.routes.append(
        Route("/v1/{path:path}", Proxy(gateway, upstreams, ledger), include_in_schema=False)
    )
    app.add_middleware(RequestLog)
    app.state.composed = composed
    return app


def from_environment() -> FastAPI:
    """For `uvicorn services.gateway.app:from_environment --factory --no-access-log`.

    What is unfit is told in one line, and ends the process with exit code 1.
    """
    logging.basicConfig(format="%(message)s")
    logging.getLogger("amber").setLevel(logging.INFO)
    with starting():
        return create_app(Settings())


def _register_consumers(database: Database, settings: Settings, clock: Clock) -> None:
    consumers = {
        name: (service_consumer(name), secret.get_secret_value())
        for name, secret in settings.service_secrets.items()
    }
    if settings.demo and settings.credentials_file is not None:
        secrets = read_demo_credentials(settings.credentials_file)
        for consumer in demo_consumers():
            consumers[consumer.client_id] = (consumer, secrets[consumer.client_id])
    with database.writing(clock) as transaction:
        for _, (consumer, secret) in sorted(consumers.items()):
            register(transaction, consumer, secret)


def _openapi_router() -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/openapi.json")
    async def openapi() -> FileResponse:
        """The whole tracker's API, as committed."""
        return FileResponse(OPENAPI_FILE, media_type="application/json")

    return router
