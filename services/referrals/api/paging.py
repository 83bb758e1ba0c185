"""Walking a long list: an opaque cursor, handed out in a `Link` header."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query

from shared.domain.errors import FieldError, InvalidError


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a list is asked for."""

    limit: int
    after: UUID | None

    def next_link(self, path: str, last: UUID, **filters: str | None) -> str:
        """The `Link` header that leads to the page behind `last`."""
        given = {name: value for name, value in filters.items() if value is not None}
        query = urlencode({**given, "limit": self.limit, "after": _cursor_of(last)})
        return f'<{path}?{query}>; rel="next"'


def _asked(
    limit: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    after: Annotated[
        str | None,
        Query(max_length=40, description="The cursor out of the `Link` of the page before."),
    ] = None,
) -> Asked:
    return Asked(limit, None if after is None else _id_of(after))


Paging = Annotated[Asked, Depends(_asked)]
"""For a route's signature: `limit` and `after`."""


def _cursor_of(last: UUID) -> str:
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def _id_of(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.b64decode(f"{cursor}==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError):
        raise InvalidError(
            [
                FieldError(
                    "/after",
                    "invalid_cursor",
                    "Send back the cursor of a Link as it was answered.",
                    where="query",
                )
            ]
        ) from None
