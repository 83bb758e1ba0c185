"""What every service app carries, and how a route gets at it."""

from dataclasses import dataclass

from fastapi import Request

from shared.clock import Clock
from shared.http.callers import TrustedKeys
from shared.http.cursors import Cursors
from shared.storage.writing import Database


@dataclass(frozen=True, slots=True)
class Service:
    """A service as its routes see it."""

    name: str
    database: Database
    clock: Clock
    trusted_keys: TrustedKeys
    cursors: Cursors
    sources: tuple[str, ...] = ()
    """The other services whose feeds this one reads."""


def service_of(request: Request) -> Service:
    """The service that answers this request."""
    service: Service = request.app.state.service
    return service
