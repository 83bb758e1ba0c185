"""Updates that waited for a child, and those that were discarded, compared with what the journal
told."""

import json
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from services.scoring.domain.intake import content_digest, restored
from services.scoring.service.comparing.compared import Compared, columns_apart
from services.scoring.store.receipts import awaited_identifiers, digest_of_held
from services.scoring.store.told import Row, Told, awaited


def held_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """Whether what waited, of all that came with a receipt, is still what came; by now some of it
    may have found its child."""
    if "waiting" not in told.payload:  # entries from before don't say
        return []
    if digest_of_held(rows) != told.payload["waiting"]:
        return ["rows"]
    return [] if all(_says_what_came(row) for row in rows) else ["content"]


def compare_awaited(connection: Connection) -> Iterator[Compared]:
    """Every update that waits, beside the numbers under which it would be found: without them its
    child could become known and it would wait for ever."""
    for row, numbers in awaited(connection):
        about = f"statement of receipt {row['receipt_id']}"
        yield Compared("held_identifier", about, None, tuple(_awaited_apart(row, numbers)))


def _awaited_apart(row: Row, numbers: set[tuple[str, str]]) -> list[str]:
    if row["discarded_entry_id"] is not None:  # it waits for nobody any more
        return ["rows"] if numbers else []
    try:
        waits_for = awaited_identifiers(restored(json.loads(row["content"])))
    except (ValueError, TypeError, KeyError):
        return []  # named where the content is compared
    return [] if set(waits_for) == numbers else ["rows"]


def discards_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """The columns in which a discarded update differs from what its entry tells."""
    columns = {"person_id": "discarded_by", "reason": "discard_reason"}
    said = {columns.get(name, name): value for name, value in told.payload.items()}
    return columns_apart([said], rows)


def _says_what_came(row: Row) -> bool:
    if row["content"] is None:  # an observation by now, compared where it was attached
        return True
    try:
        return bool(row["content_digest"] == content_digest(restored(json.loads(row["content"]))))
    except (ValueError, TypeError, KeyError):
        return False
