"""Updates that are on their way in, which the worker lets go first.

A feed that has fallen behind sends batch after batch about the same children. Whoever is scored in
between is scored again: for nothing, and while the next batch waits.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

LULL_SECONDS = 0.05
"""For so long after a push another one is expected."""
PATIENCE_SECONDS = 1.0
"""After so long the worker goes on all the same, until nobody is due."""


@dataclass(slots=True)
class Arrivals:
    """The pushes that this process is answering."""

    clock: Callable[[], float] = monotonic
    _under_way: int = 0
    _last_at: float = float("-inf")
    _waiting_since: float | None = None

    @contextmanager
    def one(self) -> Iterator[None]:
        """A push, while it is answered."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            self._last_at = self.clock()

    def to_wait(self) -> float:
        """For how many seconds the worker should wait before it looks again; 0: not at all."""
        now = self.clock()
        left = self._last_at + LULL_SECONDS - now
        if self._under_way:
            left = LULL_SECONDS
        elif left <= 0:
            return 0
        if self._waiting_since is None:
            self._waiting_since = now
        return left if now - self._waiting_since < PATIENCE_SECONDS else 0

    def worked_off(self) -> None:
        """Nobody is due any more: the worker may wait again."""
        self._waiting_since = None
