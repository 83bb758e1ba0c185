"""`/v1/…`: who is asking, may they, why, ask the service, record the look, answer.

A plain ASGI app: what stands here is paid for on every request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import httpx
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.authentication import authenticate
from services.gateway.domain.answers import (
    UnreadableAnswerError,
    children_in_path,
    children_of,
    field_names,
    parse_answer,
)
from services.gateway.domain.consumer import Consumer
from services.gateway.domain.look import Look
from services.gateway.domain.paths import MAX_QUERY, is_plain, is_plain_query
from services.gateway.domain.policy import Match, Route, purpose_for, require_scope
from services.gateway.gateway import Gateway
from services.gateway.ledger import Ledger
from services.gateway.upstream import ANSWER_HEADERS, REQUEST_HEADERS, Upstreams, listed
from shared.contracts.caller import Caller
from shared.domain.errors import ForbiddenError
from shared.http.problems import STATUS_OF, UnreadableRequestError, request_id_of

SMALL = 32 * 1024
"""An answer up to this size is read at once; a larger one beside the event loop."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """The ASGI app behind `/v1/{path}`."""

    gateway: Gateway
    upstreams: Upstreams
    ledger: Ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        match = self.gateway.policy.find(_plain_path(request))
        route = _route(match, request.method)
        request.state.route = route.template
        consumer, scopes = await authenticate(self.gateway, request)
        request.state.client_id = consumer.client_id
        try:
            require_scope(route, scopes)
            purpose = purpose_for(route, consumer, _given_purpose(request))
        except ForbiddenError:
            await self._record_refusal(request, match, route, consumer)
            raise
        caller = _caller(consumer, scopes, purpose)
        answer = await self._forward(request, route, caller)
        if route.children is not None:
            await self._record(request, route, match.parameters, caller, answer)
        return Response(answer.content, answer.status_code, listed(answer.headers, ANSWER_HEADERS))

    async def _forward(self, request: Request, route: Route, caller: Caller) -> httpx.Response:
        body = await request.body()  # FastAPI's body limit answers 413 before it is read whole
        token = self.gateway.signer.service_token(caller, route.service, self.gateway.clock())
        headers = _headers(request)
        if route.children is not None and route.children.in_answer:
            # "Not modified" would be a look without an id for the ledger.
            headers.pop("if-none-match", None)
        headers["authorization"] = f"Bearer {token}"
        headers["x-request-id"] = request_id_of(request) or ""
        return await self.upstreams.send(
            route.service, request.method, _url(request), headers, body
        )

    async def _record_refusal(
        self,
        request: Request,
        match: Match,
        route: Route,
        consumer: Consumer,
    ) -> None:
        if route.children is None:
            return
        await self.ledger.record(
            Look(
                request_id=request_id_of(request) or "",
                client_id=consumer.client_id,
                person_id=consumer.person_id,
                children=children_in_path(route.children, match.parameters),
                purpose=None,  # what the caller wrote is no purpose before it is allowed
                method=route.method,
                route=route.template,
                status=STATUS_OF[ForbiddenError],
            )
        )

    async def _record(
        self,
        request: Request,
        route: Route,
        parameters: Mapping[str, str],
        caller: Caller,
        answer: httpx.Response,
    ) -> None:
        look = partial(_look, request, route, parameters, caller, answer)
        small = len(answer.content) <= SMALL
        try:
            await self.ledger.record(look() if small else await self.gateway.in_thread(look))
        except UnreadableAnswerError:
            raise UnreadableRequestError(
                502,
                "unreadable_answer",
                "A part of the tracker gave an answer out of which it can't be told whose data it"
                " holds, so it isn't handed on. Give us the request id.",
            ) from None


def _look(
    request: Request,
    route: Route,
    parameters: Mapping[str, str],
    caller: Caller,
    answer: httpx.Response,
) -> Look:
    assert route.children is not None  # noqa: S101  # asked for only then
    content = parse_answer(answer.content)
    whose = children_of(route.children, parameters, answer.status_code, content)
    return Look(
        request_id=request_id_of(request) or "",
        client_id=caller.client_id,
        person_id=caller.person_id,
        children=whose.children,
        purpose=caller.purpose,
        method=route.method,
        route=route.template,
        status=answer.status_code,
        fields=field_names(content),
        withheld=whose.withheld,
    )


def _plain_path(request: Request) -> str:
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    if not is_plain(path):
        raise UnreadableRequestError(
            400,
            "invalid_path",
            "Write the path plainly: letters, digits, - . _ ~ between single slashes, nothing"
            " escaped, at most 500 characters.",
        )
    return path


def _route(match: Match, method: str) -> Route:
    if method not in match.routes:
        raise HTTPException(405, headers={"Allow": ", ".join(sorted(match.routes))})
    return match.routes[method]


def _given_purpose(request: Request) -> str | None:
    return ", ".join(request.headers.getlist("amber-purpose")) or None


def _url(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    if not is_plain_query(query):
        raise UnreadableRequestError(
            400,
            "invalid_query",
            f"Send at most {MAX_QUERY} characters after the question mark, escaped by RFC 3986.",
        )
    return f"{_plain_path(request)}?{query}" if query else _plain_path(request)


def _headers(request: Request) -> dict[str, str]:
    found = listed(request.headers, REQUEST_HEADERS)
    for name, value in found.items():
        if not (value.isascii() and value.isprintable()):
            raise UnreadableRequestError(400, "invalid_header", f"Send {name} in plain ASCII.")
    return found


def _caller(consumer: Consumer, scopes: frozenset[str], purpose: str | None) -> Caller:
    return Caller(
        client_id=consumer.client_id,
        kind=str(consumer.kind),
        person_id=consumer.person_id,
        scopes=scopes,
        purpose=purpose,
        agency=consumer.agency,
        sources=consumer.sources,
        sight=consumer.sight,
    )
