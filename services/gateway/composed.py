"""What the gateway answers itself, out of several services.

A part behind the proxy like any service: reached in process, asked with a token that says who is
calling. So policy, purpose and ledger are the proxy's here too, and nothing can pass them by.
"""

import httpx
from fastapi import FastAPI

from services.gateway.domain.policy import COMPOSED
from services.gateway.events import events_router
from services.gateway.gateway import Gateway
from services.gateway.upstream import Upstreams
from shared.background import Background
from shared.http.app import service_app
from shared.http.callers import TrustedKeys
from shared.http.cursors import Cursors
from shared.http.service import Service
from shared.peers import Connect


def composed_app(gateway: Gateway, upstreams: Upstreams) -> FastAPI:
    """The app of composed answers."""
    trusted = TrustedKeys(gateway.signer.issuer, COMPOSED, gateway.clock, gateway.public_keys)
    return service_app(
        Service(COMPOSED, gateway.database, gateway.clock, trusted, Cursors.of_no_list()),
        "Amber",
        [events_router(gateway, upstreams)],
        Background({}),
        {},
    )


def within(composed: FastAPI, connect: Connect) -> Connect:
    """Reach the services as `connect` does, and composed answers in process."""

    def reach(name: str) -> httpx.AsyncClient:
        if name != COMPOSED:
            return connect(name)
        transport = httpx.ASGITransport(app=composed, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=f"http://{COMPOSED}")

    return reach
