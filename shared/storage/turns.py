"""Whose turn it is to write, among the threads of one process: first come, first served.

SQLite has one writer at a time, and lets those who wait ask again and again: whoever asks at the
right moment comes next, and under load somebody never does (with 16 writers of 30 ms each, a sixth
gave up after 2 s). `threading.Lock` promises no order either.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from sqlalchemy.exc import TimeoutError  # noqa: A004  # as for a connection that none gives back


class NoTurnError(TimeoutError):
    """The wait for a turn was too long: the database is too busy to answer in time."""


class Turns:
    """A lock that those who wait for it get in the order in which they came."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Event] = deque()
        self._taken = False

    @contextmanager
    def one(self, seconds: float) -> Iterator[None]:
        """Wait for a turn, and have it.

        Raises:
            NoTurnError: it didn't come within `seconds`.
        """
        self._await(seconds)
        try:
            yield
        finally:
            self._pass_on()

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._waiting)

    def _await(self, seconds: float) -> None:
        mine = Event()
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            self._waiting.append(mine)
        if mine.wait(seconds):
            return
        with self._lock:
            if mine.is_set():  # it came in the last moment
                return
            self._waiting.remove(mine)
        raise NoTurnError

    def _pass_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
