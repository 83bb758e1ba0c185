"""Every look at a child is recorded before the answer leaves; if it can't be, nothing leaves."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio
from sqlalchemy.exc import SQLAlchemyError

from services.gateway.domain.look import Look
from services.gateway.store import ledger as store
from shared.clock import Clock
from shared.domain.errors import UnavailableError
from shared.storage.database import write_transaction
from shared.storage.writing import Database

log = logging.getLogger("amber.ledger")


class LedgerUnavailableError(UnavailableError):
    """The look couldn't be recorded."""

    code = "ledger_unavailable"


@dataclass(slots=True)
class _Waiting:
    look: Look
    settled: bool = False
    written: bool = False


@dataclass(slots=True)
class Ledger:
    """The chain that this gateway instance writes, one transaction after the other.

    A chain is a queue anyway. Whoever has the turn writes the looks of all who wait meanwhile, so
    a busy gateway pays for one commit, not for one each.
    """

    database: Database
    instance: str
    clock: Clock
    _waiting: list[_Waiting] = field(default_factory=list)
    _turn: anyio.Lock = field(default_factory=anyio.Lock)
    _thread: anyio.CapacityLimiter = field(default_factory=lambda: anyio.CapacityLimiter(1))

    async def record(self, look: Look) -> None:
        """Return once the look is committed. Raises `LedgerUnavailableError` if that fails."""
        mine = _Waiting(look)
        self._waiting.append(mine)
        async with self._turn:
            if not mine.settled:
                await self._write_all()
        if not mine.written:
            raise LedgerUnavailableError(
                "This answer can't be given, because the look couldn't be recorded. What you asked"
                " for may have been done: send a POST again only with the same Idempotency-Key."
            )

    async def _write_all(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            looks = [waiting.look for waiting in batch]
            await anyio.to_thread.run_sync(self._append, looks, limiter=self._thread)
            for waiting in batch:
                waiting.written = True
        except SQLAlchemyError as error:
            log.error("ledger unavailable: %s", type(error).__name__)  # noqa: TRY400  # a driver's text may carry parameters
        finally:
            for waiting in batch:
                waiting.settled = True

    def _append(self, looks: Sequence[Look]) -> None:
        with write_transaction(self.database.engine) as connection:
            store.append(connection, self.instance, looks, self.clock())


def open_ledger(database: Database, instance: str, clock: Clock) -> Ledger:
    """The ledger, its chain begun if this instance is new."""
    with write_transaction(database.engine) as connection:
        store.start_chain(connection, instance)
    return Ledger(database, instance, clock)
