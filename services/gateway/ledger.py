"""Every look at a child is recorded before the answer leaves; if it can't be, nothing leaves."""

import logging
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Ledger:
    """The chain that this gateway instance writes."""

    database: Database
    instance: str
    clock: Clock
    turn: anyio.CapacityLimiter
    """One writer at a time: the chain is a queue anyway, and here it is a fair one."""

    async def record(self, look: Look) -> None:
        """Commit an entry. Raises `LedgerUnavailableError` if that fails."""
        try:
            await anyio.to_thread.run_sync(self._append, look, limiter=self.turn)
        except SQLAlchemyError as error:
            log.error("ledger unavailable: %s", type(error).__name__)  # noqa: TRY400  # a driver's text may carry parameters
            raise LedgerUnavailableError(
                "This answer can't be given, because the look couldn't be recorded. What you asked"
                " for may have been done: send a POST again only with the same Idempotency-Key."
            ) from None

    def _append(self, look: Look) -> None:
        with write_transaction(self.database.engine) as connection:
            store.append(connection, self.instance, look, self.clock())


def open_ledger(database: Database, instance: str, clock: Clock) -> Ledger:
    """The ledger, its chain begun if this instance is new."""
    with write_transaction(database.engine) as connection:
        store.start_chain(connection, instance)
    return Ledger(database, instance, clock, anyio.CapacityLimiter(1))
