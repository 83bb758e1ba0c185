"""RFC 9457 problems: one readable tree of errors, one handler an app.

Nothing that was submitted is repeated: a message names the place and what to write there.
"""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from shared.domain.errors import (
    AmberError,
    ChangedMeanwhileError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    OtherEpochError,
    PreconditionRequiredError,
    ReplacedError,
    StateError,
    UnavailableError,
)
from shared.faults import type_and_place
from shared.http.validation import as_members, bounded, field_errors
from shared.storage.database import UNAVAILABLE

log = logging.getLogger("amber.problems")

PROBLEM_JSON = "application/problem+json"

STATUS_OF: Mapping[type[AmberError], int] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    StateError: 409,
    OtherEpochError: 410,
    ChangedMeanwhileError: 412,
    InvalidError: 422,
    PreconditionRequiredError: 428,
    UnavailableError: 503,
}

TITLES: Mapping[int, str] = {
    303: "Known under another id now",
    400: "The request can't be read",
    401: "Who is asking is not known",
    403: "Not allowed",
    404: "Not found",
    405: "This method isn't offered here",
    406: "This media type isn't offered",
    409: "Not in a state that allows this",
    410: "Gone for good",
    412: "Changed since you read it",
    413: "Too large",
    415: "This media type isn't read here",
    422: "The content breaks a rule",
    428: "Say which version you read",
    429: "Too many requests",
    500: "A fault of ours",
    502: "A part of the tracker gave no usable answer",
    503: "Not available now",
    504: "A part of the tracker took too long",
}


class UnreadableRequestError(HTTPException):
    """A request that can't be read at all: its body, media type or parameters.

    An HTTPException, because FastAPI hands on no other error out of its body parsing.
    """

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(status, detail)
        self.code = code


class ProblemError(BaseModel):
    """One thing wrong: where it stands, a stable code, what to do about it."""

    where: str = Field(description="body, query, path or header", examples=["body"])
    pointer: str = Field(description="JSON pointer to the value", examples=["/child/date_of_birth"])
    code: str = Field(examples=["invalid_date"])
    message: str = Field(examples=["Write a calendar date as YYYY-MM-DD."])


class ProblemDetails(BaseModel):
    """RFC 9457. `code` is stable and what a program should look at."""

    type: str = Field(examples=["urn:amber:problem:invalid_request"])
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    errors: list[ProblemError] = Field(default_factory=list)


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str | None,
    headers: Mapping[str, str] | None = None,
    **facts: object,
) -> JSONResponse:
    """A problem document as a response; `facts` are further members of it."""
    body: dict[str, Any] = {
        "type": f"urn:amber:problem:{code}",
        "title": TITLES.get(status, "Problem"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **facts,
    }
    return JSONResponse(
        body, status, headers=dict(headers) if headers else None, media_type=PROBLEM_JSON
    )


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of a route, for OpenAPI: every problem it may answer."""
    return {
        status: {
            "description": TITLES[status],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
        }
        for status in (400, 401, 403, 422, 503, *statuses)
    }


def request_id_of(request: Request) -> str | None:
    """The id that `RequestId` gave this request."""
    request_id: str | None = request.scope.get("state", {}).get("request_id")
    return request_id


async def _amber(request: Request, error: AmberError) -> JSONResponse:
    status = next(STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    headers, facts = {}, dict(error.facts)
    if isinstance(error, ReplacedError) and request.method in {"GET", "HEAD"}:
        status, headers["Location"] = 303, _there(request, error.by)
    if isinstance(error, InvalidError):
        facts["errors"] = as_members(bounded(error.errors))
    if isinstance(error, UnavailableError):
        headers["Retry-After"] = str(error.retry_after)
    return problem(
        status,
        error.code,
        error.detail,
        request_id=request_id_of(request),
        headers=headers,
        **facts,
    )


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    return problem(
        422,
        "invalid_request",
        "The request breaks the rules listed under `errors`.",
        request_id=request_id_of(request),
        errors=as_members(field_errors(error.errors(), _body_type(request))),
    )


def _there(request: Request, child_id: UUID) -> str:
    """The same address with a child's present id in the place of the former one."""
    former = str(request.path_params["child_id"])
    path = request.url.path.replace(former, str(child_id))
    return f"{path}?{request.url.query}" if request.url.query else path


def _body_type(request: Request) -> object:
    body = getattr(request.scope.get("route"), "body_field", None)
    return body.field_info.annotation if body else None


async def _unreadable(request: Request, error: UnreadableRequestError) -> JSONResponse:
    return problem(
        error.status_code,
        error.code,
        error.detail,
        request_id=request_id_of(request),
        headers=error.headers,
    )


_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


async def _http(request: Request, error: HTTPException) -> JSONResponse:
    return problem(
        error.status_code,
        _HTTP_CODES.get(error.status_code, "http_error"),
        f"{TITLES.get(error.status_code, 'Problem')}.",
        request_id=request_id_of(request),
        headers=error.headers,
    )


async def _database(request: Request, error: Exception) -> JSONResponse:
    place, request_id = type_and_place(error), request_id_of(request)
    log.error("database unavailable: %s, request %s", place, request_id)
    return problem(
        503,
        "database_unavailable",
        "The database gave no answer in time. What you asked for may have been done all the same:"
        " send a POST again only with the same Idempotency-Key.",
        request_id=request_id_of(request),
        headers={"Retry-After": "1"},
    )


HANDLERS: Mapping[type[Exception], Any] = {
    AmberError: _amber,
    RequestValidationError: _invalid,
    UnreadableRequestError: _unreadable,
    HTTPException: _http,
    **dict.fromkeys(UNAVAILABLE, _database),
}
"""In coroutines, which need no thread: all of them may be waiting for a database. What none of
these names is a fault of ours: `shared.http.faults`."""


def install_problem_handlers(app: FastAPI) -> None:
    """The one place where errors become answers."""
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
