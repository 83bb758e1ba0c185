"""Whether PostgreSQL answers at all: how a request tells a slow statement from a dead server.

A server that hangs (stopped, its disk or its host gone) keeps its connections: the kernel goes on
acknowledging, so no TCP time-out fires, and its own `statement_timeout` hangs with it. Without
this, requests waited for as long as it hung. A wait is never cut short while the server answers.
"""

import socket
import struct
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.waiting import Ready
from typing_extensions import override

STALLED_SECONDS = 0.5
"""After a statement has waited this long, and again each time, the server is asked."""
ANSWER_SECONDS = 0.75
"""How long a server that is there may take to say so."""
FRESH_SECONDS = 0.5
"""For how long its answer, or its silence, counts for everybody who wants to know."""
LIMIT_SECONDS = 20.0
"""A statement that the server should have ended by itself (`statement_timeout`) is given up."""

# The first thing a client may send, before it says who it is: any server answers with one byte.
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)

Result = TypeVar("Result")


class Pulse:
    """Asks one server on behalf of all connections to it, one question at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port
        self._lock = Lock()
        self._asked_at = float("-inf")
        self._answered = False

    def beats(self) -> bool:
        """Whether the server answers now, or did a moment ago."""
        with self._lock:
            if monotonic() - self._asked_at > FRESH_SECONDS:
                self._answered = self._ask()
                self._asked_at = monotonic()
            return self._answered

    def require(self) -> None:
        """Raise `OperationalError` unless the server answers."""
        if not self.beats():
            raise _no_answer()

    def _ask(self) -> bool:
        try:
            with socket.create_connection(self._address, timeout=ANSWER_SECONDS) as server:
                server.sendall(_SSL_REQUEST)
                return bool(server.recv(1))
        except OSError:
            return False


class WatchedConnection(psycopg.Connection[Any]):
    """A connection whose waits end when its server is dead; it is closed then, for good."""

    pulse: Pulse | None = None
    limit_seconds: float | None = LIMIT_SECONDS

    @override
    def wait(
        self, gen: PQGen[Result], interval: float = 0.1, timeout: float | None = None
    ) -> Result:
        """Wait for `gen` as psycopg does.

        Raises:
            OperationalError: the server answers neither this statement nor a new question.
        """
        return super().wait(self._watched(gen), interval, timeout)

    def _watched(self, gen: PQGen[Result]) -> PQGen[Result]:
        began = moved = monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                now = monotonic()
                if ready != Ready.NONE:
                    moved = now
                elif now - moved > STALLED_SECONDS:
                    self._require_life(now - began)
                    moved = monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            result: Result = end.value
            return result

    def _require_life(self, waited: float) -> None:
        in_time = self.limit_seconds is None or waited < self.limit_seconds
        if not in_time or (self.pulse is not None and not self.pulse.beats()):
            self.pgconn.finish()  # what it still says would be taken for another answer
            raise _no_answer()


def _no_answer() -> psycopg.OperationalError:
    return psycopg.OperationalError("the database gives no answer")
