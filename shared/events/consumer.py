"""Reading another service's feed: poll, apply, remember, all or nothing."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import anyio
import httpx

from shared.clock import Clock
from shared.contracts.events import Event, FeedPage
from shared.peers import Peer
from shared.storage.cursors import Cursor, move_cursor, read_cursor
from shared.storage.database import UNAVAILABLE
from shared.storage.writing import Database, Writing

log = logging.getLogger("amber.feed")

POLL_SECONDS = 0.25
RETRY_SECONDS = 1.0

Apply = Callable[[Writing, Event], None]
"""What a service does with one event. It must come to the same if an event comes again."""


@dataclass(slots=True)
class FeedConsumer:
    """Keeps a service up to date with one other service's feed."""

    source: str
    peer: Peer
    database: Database
    clock: Clock
    apply: Apply
    stopped: bool = False
    """Whether an event couldn't be taken, for `/readyz`."""

    async def run(self) -> None:
        """Read for ever. An event that can't be taken stops the reading there, with an alarm in
        the log and in `/readyz`; nothing is skipped in silence."""
        while True:
            try:
                read_on = await self.step()
            except httpx.HTTPError as error:
                log.warning("feed %s not reached: %s", self.source, type(error).__name__)
                await anyio.sleep(RETRY_SECONDS)
            except UNAVAILABLE as error:
                log.warning("feed %s not taken in: %s", self.source, type(error).__name__)
                await anyio.sleep(RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001  # whatever it is, the loop must not die
                self.stopped = True
                log.error("feed %s stopped: %s", self.source, type(error).__name__)  # noqa: TRY400  # a traceback could carry a child's data
                await anyio.sleep(RETRY_SECONDS)
            else:
                self.stopped = False
                if not read_on:
                    await anyio.sleep(POLL_SECONDS)

    async def step(self) -> bool:
        """Read and apply one page. Returns whether more is waiting."""
        cursor = await anyio.to_thread.run_sync(self._cursor)
        page = await self._page(cursor.position)
        if page.epoch != cursor.epoch and cursor.epoch is not None:
            # The source was restored: what it says now is all there is. Read it from the start.
            page = await self._page(0)
        if (page.epoch, page.next) == (cursor.epoch, cursor.position):
            return False
        await anyio.to_thread.run_sync(self._take, page)
        return bool(page.events)

    def _cursor(self) -> Cursor:
        with self.database.reading() as connection:
            return read_cursor(connection, self.source)

    async def _page(self, after: int) -> FeedPage:
        response = await self.peer.get("/internal/events", params={"after": after})
        response.raise_for_status()
        return FeedPage.model_validate_json(response.content)

    def _take(self, page: FeedPage) -> None:
        try:
            self._apply(page.events, Cursor(page.epoch, page.next))
        except Exception:  # noqa: BLE001  # raised again by the one event that is to blame
            # One event can't be taken: those before it must not wait for it.
            for event in page.events:
                self._apply([event], Cursor(page.epoch, event.position))

    def _apply(self, events: Sequence[Event], reached: Cursor) -> None:
        with self.database.writing(self.clock()) as transaction:
            for event in events:
                self.apply(transaction, event)
            move_cursor(transaction.connection, self.source, reached)

    def check(self) -> str | None:
        """For `/readyz`."""
        return "stopped at an event that can't be taken" if self.stopped else None
