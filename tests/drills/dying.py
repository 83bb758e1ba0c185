"""Runs a service that dies by `kill -9` at the n-th boundary of its journal.

A boundary is each place around a journal's statements: before the head is locked, before an entry
and its payload are written, before the head moves on, before the commit, and after it; and the same
around the place that an assessment has reached. The code of
the service knows nothing of this: the database library tells of its statements.

    AMBER_DRILL_DIES_AT=17 python -m tests.drills.dying services.scoring.app:from_environment …
"""

import os
import re
import signal
import threading
from typing import Any

import uvicorn
from sqlalchemy import Connection, Engine, Pool, event

DIES_AT = "AMBER_DRILL_DIES_AT"
_APPENDS = re.compile(
    r"INSERT INTO journal|UPDATE journal_head|SELECT journal_head.*FOR UPDATE|UPDATE assessment",
    re.DOTALL,
)


class Boundaries:
    """Counts boundaries in whatever thread passes them, and dies at one."""

    def __init__(self, dies_at: int) -> None:
        self.left, self.lock = dies_at, threading.Lock()

    def passed(self) -> None:
        """Another boundary."""
        with self.lock:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """Watch every database connection of this process."""
        event.listen(Engine, "before_cursor_execute", self._before_statement)
        event.listen(Engine, "commit", self._before_commit)
        event.listen(Pool, "checkin", self._after_transaction)

    def _before_statement(self, connection: Connection, _cursor: Any, sql: str, *_: Any) -> None:
        if _APPENDS.match(sql):
            connection.info["appends"] = True
            self.passed()

    def _before_commit(self, connection: Connection) -> None:
        if connection.info.get("appends"):
            self.passed()

    def _after_transaction(self, _dbapi: Any, record: Any) -> None:
        if record.info.pop("appends", False):
            self.passed()


if __name__ == "__main__":
    Boundaries(int(os.environ[DIES_AT])).watch()  # noqa: TID251  # a setting of the drill itself
    uvicorn.main()
