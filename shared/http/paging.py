"""Walking a long list: an opaque cursor, handed out in a `Link` header.

A cursor says behind which row to go on (keyset pagination), so what comes in meanwhile disturbs
no page, and the last page costs what the first does.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query

from shared.domain.errors import FieldError, InvalidError

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    limit: int
    cursor: str | None

    def after(self, read: Callable[..., Key]) -> Key | None:
        """The key to go on behind, read from the cursor's parts; None for the first page.

        Raises:
            InvalidError: the cursor is not one that was handed out for this list.
        """
        if self.cursor is None:
            return None
        try:
            padded = f"{self.cursor}{'=' * (-len(self.cursor) % 4)}"
            return read(*json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)))
        except (binascii.Error, ValueError, TypeError):
            error = FieldError(
                "/after",
                "invalid_cursor",
                "Send back the cursor of a Link as it was answered.",
                where="query",
            )
            raise InvalidError([error]) from None

    def next_link(self, path: str, key: Sequence[str | int], **filters: str | None) -> str:
        """The `Link` header that leads to the page behind the row of `key`."""
        given = {name: value for name, value in filters.items() if value is not None}
        cursor = base64.urlsafe_b64encode(json.dumps(list(key)).encode()).rstrip(b"=").decode()
        query = urlencode({**given, "limit": self.limit, "after": cursor})
        return f'<{path}?{query}>; rel="next"'


def by_id(value: object) -> UUID:
    """For a list in the order of ids: the id to go on behind."""
    if not isinstance(value, str):
        raise TypeError
    return UUID(value)


def _page(
    limit: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    after: Annotated[
        str | None,
        Query(max_length=500, description="The cursor out of the `Link` of the page before."),
    ] = None,
) -> Page:
    return Page(limit, after)


Paging = Annotated[Page, Depends(_page)]
"""For a route's signature: `limit` and `after`."""
