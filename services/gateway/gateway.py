"""What the gateway's endpoints work with, assembled once by `create_app`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import anyio
from joserfc.jwk import KeySet

from services.gateway.domain.policy import Policy
from services.gateway.signing import Signer
from shared.clock import Clock
from shared.storage.writing import Database

Result = TypeVar("Result")

_THREADS = 20


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway's own parts."""

    database: Database
    policy: Policy
    signer: Signer
    public_keys: KeySet
    clock: Clock
    demo: bool
    threads: anyio.CapacityLimiter

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run something that waits for the database beside the event loop.

        In threads of the gateway's own: embedded, the services' threads may all be busy.
        """
        return await anyio.to_thread.run_sync(work, limiter=self.threads)


def own_threads() -> anyio.CapacityLimiter:
    """As many threads as the pool has connections at ease."""
    return anyio.CapacityLimiter(_THREADS)
