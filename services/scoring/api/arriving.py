"""Notes each push of updates while it is answered, from its first byte to its last."""

from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from services.scoring.api.updates import PLACE
from services.scoring.service.arrivals import Arrivals


@dataclass(frozen=True, slots=True)
class Arriving:
    """The app, with its arrivals noted."""

    app: ASGIApp
    arrivals: Arrivals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "http" and (scope["method"], scope["path"]) == ("POST", PLACE):
            with self.arrivals.one():
                await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, send)
