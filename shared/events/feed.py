"""The internal feed out of a service's journal: `GET /internal/events?after=`."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query, Request

from shared.contracts.caller import Caller
from shared.contracts.events import Event, FeedPage
from shared.http.callers import needs
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.storage.journal import entries_after, head_of

PAGE = 500


def feed_router(kinds: Sequence[str]) -> APIRouter:
    """A router that serves the entries of the given kinds, for services only."""
    router = APIRouter(include_in_schema=False)

    @router.get("/internal/events")
    def read_feed(
        request: Request,
        _caller: Annotated[Caller, needs("internal:events")],
        connection: Connected,
        after: Annotated[int, Query(ge=0)] = 0,
    ) -> FeedPage:
        """Entries behind `after`, at most a page. One snapshot gives both head and entries."""
        journal = service_of(request).database.journal
        head = head_of(connection, journal)
        entries = entries_after(connection, journal, after, kinds, PAGE)
        return FeedPage(
            epoch=head.epoch,
            next=entries[-1].position if len(entries) == PAGE else head.position,
            events=tuple(
                Event(
                    position=entry.position,
                    recorded_at=entry.recorded_at,
                    type=entry.kind,
                    data=entry.payload,
                )
                for entry in entries
                if entry.payload is not None
            ),
        )

    return router
