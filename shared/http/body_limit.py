"""A request's body is bounded before it is read whole; too much is a problem like any other.

Starlette's own limit answers in plain text, and puts that in place of every other answer.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.http.problems import UnreadableRequestError


class BodyLimit:
    """Pure ASGI: whoever reads more than `limit` bytes gets a 413 raised."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self.app, self.limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, counting what is read of its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "")
        read = 0

        async def counting() -> Message:
            nonlocal read
            if announced.isdecimal() and int(announced) > self.limit:
                raise self._too_large()
            message = await receive()
            read += len(message.get("body", b""))
            if read > self.limit:
                raise self._too_large()
            return message

        await self.app(scope, counting, send)

    def _too_large(self) -> UnreadableRequestError:
        return UnreadableRequestError(413, "too_large", f"Send at most {self.limit} bytes.")
