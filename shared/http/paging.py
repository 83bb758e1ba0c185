"""Walking a long list: an opaque cursor, handed out in a `Link` header.

A cursor says behind which row to go on (keyset pagination), so what comes in meanwhile disturbs
no page, and the last page costs what the first does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Query, Request

from shared.domain.errors import FieldError, InvalidError
from shared.http.cursors import Cursors
from shared.http.cursors import Key as Parts
from shared.http.service import service_of

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is asked for."""

    limit: int
    cursor: str | None
    cursors: Cursors
    of_list: str
    """Which list: the template of its path, so that no cursor serves another one."""

    def after(self, read: Callable[..., Key]) -> Key | None:
        """The key to go on behind, read from the cursor's parts; None for the first page.

        Raises:
            InvalidError: the cursor is not one that was handed out for this list.
        """
        if self.cursor is None:
            return None
        try:
            return read(*self.cursors.opened(self.cursor, self.of_list))
        except (ValueError, TypeError):  # Sealed elsewhere, or for another order of this list.
            error = FieldError(
                "/after",
                "invalid_cursor",
                "Send back the cursor of a Link as it was answered.",
                where="query",
            )
            raise InvalidError([error]) from None

    def next_link(self, path: str, key: Parts, **filters: str | None) -> str:
        """The `Link` header that leads to the page behind the row of `key`."""
        given = {name: value for name, value in filters.items() if value is not None}
        cursor = self.cursors.sealed(key, self.of_list)
        query = urlencode({**given, "limit": self.limit, "after": cursor})
        return f'<{path}?{query}>; rel="next"'


def by_id(value: object) -> UUID:
    """For a list in the order of ids: the id to go on behind."""
    if not isinstance(value, str):
        raise TypeError
    return UUID(value)


def by_revision(value: object) -> int:
    """For a history, first to last: the revision to go on behind."""
    if type(value) is not int:
        raise TypeError
    return value


def _page(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="At most this many.")] = 50,
    after: Annotated[
        str | None,
        Query(max_length=1000, description="The cursor out of the `Link` of the page before."),
    ] = None,
) -> Page:
    return Page(limit, after, service_of(request).cursors, request.scope["route"].path)


Paging = Annotated[Page, Depends(_page)]
"""For a route's signature: `limit` and `after`."""
