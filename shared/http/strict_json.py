"""Request bodies are read strictly: one spelling, no surprises, the same in every service.

JSON has corners that parsers disagree on (a key twice, NaN, a byte order mark, other encodings);
two systems that read one body differently is how a fact changes on its way. They are refused.
"""

import json
import re
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute
from typing_extensions import override

from shared.http.problems import UnreadableRequestError

MAX_BODY_BYTES = 4 * 1024 * 1024
"""The largest body a service reads: 1,000 updates at their longest stay below it."""


MAX_KEYS = 100
"""No object of ours has more fields, and each unknown one would cost a line of the answer."""
MAX_DEPTH = 20
MAX_DIGITS = 18
"""Of a whole number: within 64 bits, no field of ours is wider."""
_CONTAINERS = {dict, list}
"""What the parser makes of objects and lists, of exactly these types: asked of every value."""


def read_strictly(body: bytes, max_digits: int = MAX_DIGITS) -> Any:  # noqa: ANN401  # any JSON value
    """Parse UTF-8 JSON. Raises `UnreadableRequestError` for anything ambiguous."""
    if body.startswith(b"\xef\xbb\xbf"):
        raise UnreadableRequestError(
            400, "invalid_json", "The body begins with a byte order mark; send plain UTF-8."
        )
    try:
        content = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=partial(_bounded_int, max_digits),
        )
    except UnicodeDecodeError as error:
        raise UnreadableRequestError(
            400, "invalid_json", f"The body isn't UTF-8 (byte {error.start})."
        ) from None
    except json.JSONDecodeError as error:
        raise UnreadableRequestError(
            400,
            "invalid_json",
            f"The body isn't JSON (line {error.lineno}, column {error.colno}).",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    if type(content) in _CONTAINERS:
        _bound_depth(content, MAX_DEPTH)
    return content


def _bound_depth(container: Any, left: int) -> None:  # noqa: ANN401  # an object or a list
    if not left:
        raise _too_deep()
    for inner in container.values() if type(container) is dict else container:
        if type(inner) in _CONTAINERS:  # before a call: most are neither
            _bound_depth(inner, left - 1)


def _too_deep() -> UnreadableRequestError:
    return UnreadableRequestError(
        400, "invalid_json", f"The body is nested too deeply; at most {MAX_DEPTH} levels are read."
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise UnreadableRequestError(
            400, "too_many_keys", f"An object in the body has more than {MAX_KEYS} keys."
        )
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableRequestError(
            400, "duplicate_key", "An object in the body has the same key twice; send each once."
        )
    return found


def _refuse_constant(_name: str) -> None:
    raise UnreadableRequestError(400, "invalid_json", "NaN and Infinity aren't JSON.")


def _bounded_int(max_digits: int, text: str) -> int:
    if len(text) > max_digits:
        raise UnreadableRequestError(400, "number_too_large", "A number in the body is too large.")
    return int(text)


_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']*)""")


class StrictJsonRequest(Request):
    """A request whose JSON is read by `read_strictly`."""

    max_digits = MAX_DIGITS

    @override
    async def json(self) -> Any:  # any JSON value
        if not hasattr(self, "_strict"):
            self._strict = read_strictly(await self.body(), self.max_digits)
        return self._strict


class StrictItemsRequest(StrictJsonRequest):
    """A request with many items: a number that is too large for a field is one item's fault."""

    max_digits = 100


class StrictJsonRoute(APIRoute):
    """A route that refuses other media types, ambiguous JSON, and query parameters that it
    doesn't know, or that stand twice."""

    request_class = StrictJsonRequest

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        fields = get_flat_params(self.dependant)
        known = {field.alias for field in fields if isinstance(field.field_info, Query)}

        async def strict(request: Request) -> Response:
            _refuse_unknown_parameters(request, known)
            if self.body_field is not None:
                _refuse_other_media(request)
            return await handle(self.request_class(request.scope, request.receive))

        return strict


class StrictItemsRoute(StrictJsonRoute):
    """A route that tells of each item of its body what is wrong with it."""

    request_class = StrictItemsRequest


def _refuse_unknown_parameters(request: Request, known: set[str]) -> None:
    given = [name for name, _ in request.query_params.multi_items()]
    if len(set(given)) < len(given):
        raise UnreadableRequestError(
            400, "duplicate_parameter", "A query parameter stands twice; send each once."
        )
    if set(given) - known:
        offered = ", ".join(sorted(known)) or "none"
        raise UnreadableRequestError(
            400, "unknown_parameter", f"A query parameter isn't known here. Offered: {offered}."
        )


def _refuse_other_media(request: Request) -> None:
    media_type, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charsets = set(_CHARSET.findall(parameters))
    if media_type.strip() != "application/json" or charsets - {"utf-8", "utf8"}:
        raise UnreadableRequestError(
            415, "unsupported_media_type", "Send the body as application/json, in UTF-8."
        )
