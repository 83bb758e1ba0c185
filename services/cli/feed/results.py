"""What became of every row, and how far a push is: two files that a kill can't part.

The result file is only ever added to, and brought to disk before the state says so. A state names
the length that the result file had then: what stands behind it (a batch cut short) is dropped on
going on, so that each row has one line.
"""

import csv
import fcntl
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any, TextIO

from services.cli.feed.rows import Place

SCHEMA = "feed-push/1"
COLUMNS = (
    "row",
    "line",
    "source_ref",
    "revision",
    "result",
    "first_result",
    "reason",
    "errors",
    "receipt_id",
)


class ResultsError(Exception):
    """The result file can't be used for this push. Says what to do."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """One line of the result file."""

    row: int
    line: int
    source_ref: str
    revision: str
    result: str
    first_result: str = ""
    reason: str = ""
    errors: str = ""
    receipt_id: str = ""


@dataclass(slots=True)
class State:
    """How far a push is."""

    run: str
    """Random; what the idempotency keys of this push begin from."""
    place: Place = field(default_factory=Place)
    results_bytes: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    done: bool = False


class Results:
    """The result file of one push, and its state beside it. A context manager."""

    def __init__(self, path: Path, bound_to: Mapping[str, str], fresh_run: str) -> None:
        """Begin, or go on where a killed push of the same was.

        `bound_to` says what is pushed, where, in whose name and how it is read, each by a word.

        Raises:
            ResultsError: the file is another push's, in use, or can't be written.
        """
        self.path, self.bound_to = path, dict(bound_to)
        self.state_path = path.with_name(path.name + ".state")
        try:
            self._file = path.open("a", encoding="utf-8", newline="")
        except OSError as error:
            raise ResultsError(f"{path} can't be written: {error.strerror}.") from None
        try:
            self._lock()
            self.state = self._read() or self._begin(fresh_run)
            self.resumed = self.state.place.row > 0
            self._file.truncate(self.state.results_bytes)
            if not self.state.results_bytes:
                self._append(",".join(COLUMNS) + "\n")
                self._save()
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> "Results":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, results: Sequence[RowResult], after: Place) -> None:
        """Bring a batch's results to disk, then say that the push is that far."""
        text = StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerows([getattr(one, name) for name in COLUMNS] for one in results)
        self._append(text.getvalue())
        self.state.counts.update(one.result for one in results)
        self.state.place = after
        self._save()

    def finish(self) -> None:
        """Say that nothing is left."""
        self.state.done = True
        self._save()

    def _append(self, text: str) -> None:
        self._file.write(text)
        _to_disk(self._file)
        self.state.results_bytes += len(text.encode())

    def _lock(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ResultsError(f"Another push is writing {self.path} now.") from None

    def _begin(self, run: str) -> State:
        if self._file.tell():
            raise ResultsError(
                f"{self.path} is there already, and isn't the result of an unfinished push."
                " Name another file with --results, or move this one away."
            )
        self.state = State(run)
        self._save()  # first, so that whatever is in the result file, a state says whose it is
        return self.state

    def _read(self) -> State | None:
        try:
            kept = json.loads(self.state_path.read_text(encoding="utf-8"))
            state = _state(kept)
            bound_to = kept["bound_to"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            raise ResultsError(
                f"{self.state_path} can't be understood. To push from the beginning, remove it"
                f" and {self.path}: rows that were taken come back as duplicates."
            ) from None
        others = [word for word, value in self.bound_to.items() if bound_to.get(word) != value]
        if others:
            raise ResultsError(
                f"{self.path} belongs to a push with another {', another '.join(others)}."
                " Go on with the same, or name another result file with --results."
            )
        if self.path.stat().st_size < state.results_bytes:
            raise ResultsError(
                f"{self.path} is shorter than it was. To push from the beginning, remove it and"
                f" {self.state_path}: rows that were taken come back as duplicates."
            )
        return state

    def _save(self) -> None:
        kept = {
            "schema": SCHEMA,
            "bound_to": self.bound_to,
            "run": self.state.run,
            "place": asdict(self.state.place),
            "results_bytes": self.state.results_bytes,
            "counts": dict(self.state.counts),
            "done": self.state.done,
        }
        draft = self.state_path.with_name(self.state_path.name + ".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(kept, file, indent=1)
            _to_disk(file)
        draft.replace(self.state_path)
        _folder_to_disk(self.path.parent)


def _state(kept: Mapping[str, Any]) -> State:
    if kept["schema"] != SCHEMA:
        raise ValueError(SCHEMA)
    return State(
        run=str(kept["run"]),
        place=Place(**kept["place"]),
        results_bytes=int(kept["results_bytes"]),
        counts=Counter(kept["counts"]),
        done=bool(kept["done"]),
    )


def _to_disk(file: TextIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    # A rename lasts once the folder is on disk; not every file system lets a folder be synced.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
