"""One JSON line a request, with nothing personal: no path, no query, no value."""

import json
import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("amber.requests")


class RequestLog:
    """Pure ASGI. The proxy leaves the route's template and the client id in the request's state."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and write its line."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            log.info(_line(scope, status, (time.perf_counter() - began) * 1000))


def _line(scope: Scope, status: int, milliseconds: float) -> str:
    state = scope.get("state", {})
    return json.dumps(
        {
            "request_id": state.get("request_id"),
            "client_id": state.get("client_id"),
            "method": scope["method"],
            "route": state.get("route") or getattr(scope.get("route"), "path", None),
            "status": status,
            "milliseconds": round(milliseconds, 1),
        }
    )
