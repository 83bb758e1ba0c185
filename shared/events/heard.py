"""A service's part of the consumers' feed, for the gateway: `GET /internal/consumer-events`.

A caller hears of what it may read: by its scopes, and by whose child it is.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection

from shared.contracts.caller import Caller
from shared.contracts.heard import Heard, HeardPage
from shared.domain.access import Sight
from shared.http.callers import needs
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.storage.heard import STRETCH, Found, Wanted
from shared.storage.journal import head_of

Read = Callable[[Connection, Sight, Wanted], Sequence[Found]]
"""The store's own look."""

LIMIT = 200
_IDS = ("cause", "source", "agency", "on", "command", "revision")


def heard_router(
    scopes: Mapping[str, str], read: Read, tell: Callable[[Found], Iterable[Heard]] | None = None
) -> APIRouter:
    """A router that tells what happened. `scopes`: a kind, or with a dot at the end the beginning
    of kinds -> the scope that a caller needs to hear of it; nobody hears of what isn't named.
    `tell`: an entry in the consumers' terms, where they differ."""
    router = APIRouter(include_in_schema=False)

    @router.get("/internal/consumer-events")
    def read_heard(
        request: Request,
        caller: Annotated[Caller, needs("events:read")],
        connection: Connected,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=LIMIT)] = LIMIT,
    ) -> HeardPage:
        """Entries behind `after`: at most `limit`, out of a stretch of bounded length."""
        head = head_of(connection, service_of(request).database.journal)
        until = min(after + STRETCH, head.position)
        told = [kind for kind, scope in scopes.items() if scope in caller.scopes]
        found: Sequence[Found] = ()
        if told and until > after:
            found = read(connection, caller.sight, Wanted(after, until, limit, told))
        following = found[-1].position if len(found) == limit else until
        return HeardPage(
            epoch=head.epoch,
            next=following,
            more=following < head.position,
            events=tuple(heard for one in found for heard in (tell or plainly)(one)),
        )

    return router


def plainly(found: Found) -> Iterable[Heard]:
    """An entry as it is, with the ids out of its payload."""
    yield Heard(
        id=str(found.entry_id),
        kind=found.kind,
        position=found.position,
        recorded_at=found.recorded_at,
        child_id=found.child_id,
        ids=ids_of(found.payload or {}),
    )


def ids_of(payload: Mapping[str, Any]) -> dict[str, str]:
    """Ids and codes of a payload, never who did something, nor what was written."""
    # A survivor's id: a child may be parted again from one whom the caller may not know of.
    hidden = {"child_id", "survivor_id", "client_id", "person_id"}
    return {
        name: str(value)
        for name, value in payload.items()
        if value is not None and name not in hidden and (name.endswith("_id") or name in _IDS)
    }
