"""A fault of ours ends here: in an answer and one line of the log.

Starlette's own handler of `Exception` raises the error again once it has answered, for the server
to print whole. A traceback's last line is the error's text, and that may be somebody's data.
"""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.faults import type_and_place
from shared.http.problems import problem

log = logging.getLogger("amber.problems")


class Faults:
    """Pure ASGI, around everything that can break; inside `RequestId`, whose id it names."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; if that raises, answer 500, unless an answer has begun."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001  # whatever it is, it ends here
            request_id = scope["state"]["request_id"]
            log.error("fault: %s, request %s", type_and_place(error), request_id)  # noqa: TRY400  # a traceback could carry a child's data
            if not begun:  # else the server cuts the answer off, for the caller to notice
                answer = problem(
                    500,
                    "internal_error",
                    "Something broke on our side. Nothing was written. Give us the request id.",
                    request_id=request_id,
                )
                await answer(scope, receive, send)
