"""Pushing rows in batches, one after another: a batch's results are on disk before the next goes.

A push that is killed has at most one batch on its way. It is sent again under the same
Idempotency-Key, so it gets the receipt that it missed.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from services.cli.client import Client, RefusedError
from services.cli.feed.mapping import Drafted, Fault, Update
from services.cli.feed.results import Results, RowResult
from services.cli.feed.rows import Row

PATH = "/v1/indicator-updates"
MAX_BATCH = 1000
MAX_BATCH_BYTES = 2 * 1024 * 1024
"""Half of what a service reads in one request."""
REJECTED = "rejected"
TAKEN = frozenset({"recorded", "duplicate", "superseded", "held"})
_UNREADABLE = frozenset({400, 413, 422})
"""The batch as a whole was refused for what stands in it: some row spoils it."""
_REFERENCE = re.compile(r"[!-~]{1,100}")

Translate = Callable[[Row], Drafted]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row and what it came to: JSON to send, or the faults that keep it back."""

    row: Row
    source_ref: str
    revision: str
    content: bytes | None
    faults: Sequence[Fault]


def push(
    entries: Iterable[Entry],
    batch: int,
    client: Client,
    results: Results,
    pushed: Callable[[Results], None],
) -> None:
    """Push entries, keeping what became of each; `pushed` is called after every batch.

    Raises:
        UnreachableError, RefusedError: from the client. What was taken until then is kept, and
            the same push goes on behind it.
    """
    for chunk in batches(entries, batch):
        results.add(list(send(chunk, client, results.state.run)), chunk[-1].row.after)
        pushed(results)
    results.finish()


def entry_of(row: Row, translate: Translate) -> Entry:
    """A row as it will be sent, or why it won't."""
    if row.fault is not None:
        return Entry(row, "", "", None, [row.fault])
    drafted = translate(row)
    ref, revision = drafted.update.get("source_ref"), drafted.update.get("revision")
    return Entry(
        row,
        ref if isinstance(ref, str) and _REFERENCE.fullmatch(ref) else "",
        str(revision) if type(revision) is int else "",
        None if drafted.faults else _json(drafted.update),
        drafted.faults,
    )


def _json(update: Update) -> bytes:
    return json.dumps(update, separators=(",", ":")).encode()


def batches(entries: Iterable[Entry], most: int) -> Iterator[list[Entry]]:
    """Entries in lists of at most `most`, and of bounded size, in their order."""
    batch: list[Entry] = []
    size = 0
    for entry in entries:
        more = len(entry.content or b"") + 1
        if batch and (len(batch) == most or size + more > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += more
    if batch:
        yield batch


def send(batch: Sequence[Entry], client: Client, run: str) -> Iterator[RowResult]:
    """Send what can be sent of a batch. A result for each of its entries, in their order."""
    sendable = [entry for entry in batch if entry.content is not None]
    answered = dict(_answers(sendable, client, run)) if sendable else {}
    for entry in batch:
        yield answered[entry.row.after.row] if entry.content is not None else _kept_back(entry)


def _answers(
    sendable: Sequence[Entry], client: Client, run: str
) -> Iterator[tuple[int, RowResult]]:
    body = b"[" + b",".join(entry.content or b"" for entry in sendable) + b"]"
    first = sendable[0].row.after.row
    key = sha256(f"{run} {first} ".encode() + body).hexdigest()[:40]
    try:
        receipt = client.post(PATH, body, f"feed-{key}")
    except RefusedError as refused:
        if refused.status not in _UNREADABLE:
            raise
        if len(sendable) == 1:
            yield first, _refused_alone(sendable[0], refused)
            return
        # Halve, until the row that spoils the batch stands alone.
        middle = len(sendable) // 2
        yield from _answers(sendable[:middle], client, run)
        yield from _answers(sendable[middle:], client, run)
        return
    for entry, item in zip(sendable, _items(receipt, len(sendable)), strict=True):
        yield entry.row.after.row, _answered(entry, item, str(receipt.get("receipt_id", "")))


def _items(receipt: Any, expected: int) -> Sequence[Mapping[str, Any]]:  # noqa: ANN401  # JSON
    items = receipt.get("items") if isinstance(receipt, dict) else None
    if not isinstance(items, list) or len(items) != expected:
        raise RefusedError("What answers at --url doesn't give receipts as this version does.")
    return items


def _answered(entry: Entry, item: Mapping[str, Any], receipt_id: str) -> RowResult:
    return RowResult(
        row=entry.row.after.row,
        line=entry.row.line,
        source_ref=entry.source_ref,
        revision=entry.revision,
        result=str(item.get("result")),
        first_result=item.get("first_result") or "",
        reason=item.get("reason") or "",
        errors=_errors(
            Fault(*(str(error.get(name, "")) for name in ("pointer", "code", "message")))
            for error in item.get("errors") or ()
        ),
        receipt_id=receipt_id,
    )


def _kept_back(entry: Entry) -> RowResult:
    return _rejected(entry, _errors(entry.faults))


def _refused_alone(entry: Entry, refused: RefusedError) -> RowResult:
    return _rejected(entry, str(refused))


def _rejected(entry: Entry, errors: str) -> RowResult:
    place = entry.row
    return RowResult(
        place.after.row, place.line, entry.source_ref, entry.revision, REJECTED, errors=errors
    )


def _errors(faults: Iterable[Fault]) -> str:
    return "; ".join(f"{fault.pointer} {fault.code}: {fault.message}".strip() for fault in faults)
