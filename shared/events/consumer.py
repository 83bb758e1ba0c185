"""Reading another service's feed: poll, apply, remember, all or nothing."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import anyio
import httpx

from shared.clock import Clock
from shared.contracts.events import Event, FeedPage
from shared.peers import Peer
from shared.storage.cursors import Cursor, lock_cursor, move_cursor, read_cursor
from shared.storage.database import UNAVAILABLE
from shared.storage.writing import Database, Writing

log = logging.getLogger("amber.feed")

POLL_SECONDS = 0.25
RETRY_SECONDS = 1.0

Apply = Callable[[Writing, Sequence[Event]], None]
"""What a service does with events, in their order. It must come to the same if one comes again."""

Forget = Callable[[Writing], None]
"""What a service does away with when the source was restored: all that it has from this feed and
that the source, telling everything from its start again, might not tell any more (ADR 0008)."""


@dataclass(slots=True)
class FeedConsumer:
    """Keeps a service up to date with one other service's feed."""

    source: str
    peer: Peer
    database: Database
    clock: Clock
    apply: Apply
    forget: Forget

    async def turn(self) -> float:
        """One turn of a loop: read a page. A source that isn't there is waited for. An event that
        can't be taken is raised, and stops the reading there; nothing is skipped in silence."""
        try:
            read_on = await self.step()
        except httpx.HTTPError as error:
            log.warning("feed %s not reached: %s", self.source, type(error).__name__)
            return RETRY_SECONDS
        except UNAVAILABLE as error:
            log.warning("feed %s not taken in: %s", self.source, type(error).__name__)
            return RETRY_SECONDS
        return 0 if read_on else POLL_SECONDS

    async def step(self) -> bool:
        """Read and apply one page. Returns whether more is waiting."""
        stood = await anyio.to_thread.run_sync(self._cursor)
        page = await self._page(stood.position)
        if page.epoch != stood.epoch and stood.epoch is not None:
            # The source was restored: what it says now is all there is. Read it from the start.
            page = await self._page(0)
        if (page.epoch, page.next) == (stood.epoch, stood.position):
            return False
        taken = await anyio.to_thread.run_sync(self._take, stood, page)
        return taken and bool(page.events)

    def _cursor(self) -> Cursor:
        with self.database.reading() as connection:
            return read_cursor(connection, self.source)

    async def _page(self, after: int) -> FeedPage:
        response = await self.peer.get("/internal/events", params={"after": after})
        response.raise_for_status()
        return FeedPage.model_validate_json(response.content)

    def _take(self, stood: Cursor, page: FeedPage) -> bool:
        """Apply a page that was read where the cursor `stood`. Returns whether it counted."""
        end = Cursor(page.epoch, page.next)
        try:
            return self._apply(stood, page.events, end)
        except UNAVAILABLE:
            raise
        except Exception:  # noqa: BLE001  # raised again by the one event that is to blame
            # One event can't be taken: those before it must not wait for it.
            for event in page.events:
                reached = Cursor(page.epoch, event.position)
                if not self._apply(stood, [event], reached):
                    return False
                stood = reached
            return self._apply(stood, [], end)

    def _apply(self, stood: Cursor, events: Sequence[Event], reached: Cursor) -> bool:
        with self.database.writing(self.clock) as transaction:
            if lock_cursor(transaction.connection, self.source) != stood:
                # Another replica has read on since. These events are old: applied now, they would
                # undo what came after them.
                return False
            if reached.epoch != stood.epoch and stood.epoch is not None:
                self.forget(transaction)
                transaction.record("feed.restarted", {"source": self.source})
            self.apply(transaction, events)
            move_cursor(transaction.connection, self.source, reached)
        return True
