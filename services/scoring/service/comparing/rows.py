"""Rows that scores follow from, receipts, judgements, and what became of weights, compared with
what the journal told when they became known. Its chain is proved by `amber audit verify`; so a row
that was changed has nowhere to hide.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import Select

from services.scoring.domain.feeds import State
from services.scoring.domain.receipts import spelled
from services.scoring.service.comparing.assessments import compare_assessments
from services.scoring.service.comparing.compared import Compared, columns_apart
from services.scoring.service.comparing.held import compare_awaited, discards_apart, held_apart
from services.scoring.service.comparing.judgements import followed_apart, judgement_apart
from services.scoring.service.comparing.merged import compare_merged
from services.scoring.service.comparing.versions import STEPS, compare_versions, steps_apart
from services.scoring.service.judging import FOLLOWED, MADE
from services.scoring.service.practice import COMMENTED
from services.scoring.service.telling import JUDGEMENT
from services.scoring.store.observations import ObservationRow, digest_of_rows
from services.scoring.store.told import (
    BIRTHS,
    COMMENTS,
    CONTESTS,
    COUNTED,
    DISCARDS,
    HELD,
    JUDGEMENT_STEPS,
    JUDGEMENTS,
    OBSERVATIONS,
    RECEIPTS,
    SCORES,
    TAKEN_STEPS,
    TURNS,
    Row,
    Told,
    rows_beside,
)
from shared.contracts.events import (
    FEED_RECOVERED,
    FEED_SILENT,
    FEED_STARTED,
    RATING_CHANGED,
    UPDATE_ATTACHED,
    UPDATE_DISCARDED,
)
from shared.domain.canonical import canonical_bytes, digest
from shared.storage.database import wait_without_limit
from shared.storage.writing import Database

RECEIVED, TAKEN, PARTED = "updates.received", "child.taken", "children.parted"

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    rows: Select[Any]
    kinds: Sequence[str]
    differences: Callable[[Told, Sequence[Row]], Sequence[str]]
    """The columns in which rows differ from what an entry tells; nothing where it doesn't say."""


def compare_all(database: Database) -> Iterator[Compared]:
    """Every entry that tells of rows, beside them, in one read transaction."""
    with database.reading() as connection:
        wait_without_limit(connection)
        for table in _TABLES:
            for entry_id, told, rows in rows_beside(connection, table.rows, table.kinds):
                differences: Sequence[str] = ("entry_id",)
                if told is not None:
                    differences = table.differences(told, rows) if told.payload else ()
                yield Compared(table.name, f"entry {entry_id}", told, tuple(differences))
        yield from compare_merged(connection)
        yield from compare_awaited(connection)
        yield from compare_versions(connection)
        yield from compare_assessments(connection)


def _scores(told: Told, rows: Sequence[Row]) -> list[str]:
    """That the row is there; what it says is compared where the score is computed again."""
    if told.payload.get("cause") == JUDGEMENT:
        return columns_apart([], rows)
    stored = [{"score_id": str(row["score_id"])} for row in rows]
    return columns_apart([{"score_id": told.payload["score_id"]}], stored)


def _observations(told: Told, rows: Sequence[Row]) -> list[str]:
    if "observations" not in told.payload:
        return []
    stored = digest_of_rows(ObservationRow(**row) for row in rows)
    return [] if stored == told.payload["observations"] else ["rows"]


def _births(told: Told, rows: Sequence[Row]) -> list[str]:
    names = ("child_id", "date_of_birth", "date_of_birth_estimated")
    stored = [
        {
            "child_id": str(row["child_id"]),
            "date_of_birth": row["date_of_birth"] and row["date_of_birth"].isoformat(),
            "date_of_birth_estimated": row["date_of_birth_estimated"],
        }
        for row in rows
    ]
    return columns_apart([{name: told.payload[name] for name in names}], stored)


def _counted(told: Told, rows: Sequence[Row]) -> list[str]:
    said = [
        {"child_id": record, "counts_for": now}
        for record, _, now in sorted(told.payload.get("counting", []))
    ]
    stored = sorted((str(row["child_id"]), str(row["counts_for"])) for row in rows)
    return columns_apart(said, [{"child_id": one, "counts_for": other} for one, other in stored])


def _contests(told: Told, rows: Sequence[Row]) -> list[str]:
    names = ("source", "source_ref", "revision", "contested")
    turned = sorted(told.payload.get("contested", []))
    said = [dict(zip(names, one, strict=True)) for one in turned]
    stored = sorted([*(row[name] for name in names[:3]), bool(row["contested"])] for row in rows)
    return columns_apart(said, [dict(zip(names, one, strict=True)) for one in stored])


def _turns(told: Told, rows: Sequence[Row]) -> list[str]:
    state = State.SILENT if told.kind == FEED_SILENT else State.FRESH
    said = {name: told.payload[name] for name in ("source", "agency", "on")}
    if "at" in told.payload:  # entries from before don't say
        said["at"] = told.payload["at"]
    stored = [
        {
            "source": row["source"],
            "agency": row["agency"],
            "state": row["state"],
            "on": row["on_day"].isoformat(),
            "at": row["at"].astimezone(UTC).isoformat(),
        }
        for row in rows
    ]
    return columns_apart([{**said, "state": state}], stored)


def _receipts(told: Told, rows: Sequence[Row]) -> list[str]:
    names = ("receipt_id", "client_id", "receipt" if "receipt" in told.payload else "results")
    stored = [
        {
            "receipt_id": str(row["receipt_id"]),
            "client_id": row["client_id"],
            **_digests(row),
        }
        for row in rows
    ]
    return columns_apart([{name: told.payload[name] for name in names}], stored)


def _comments(told: Told, rows: Sequence[Row]) -> list[str]:
    stored = [
        {
            **row,
            "comment_id": str(row["comment_id"]),
            "score_id": row["score_id"] and str(row["score_id"]),
        }
        for row in rows
    ]
    return columns_apart([told.payload], stored)


def _digests(row: Row) -> dict[str, str | None]:
    """The hash of a receipt; and the digest of its results, which entries from before have."""
    try:
        results = json.loads(row["results"])
        return {
            "receipt": digest(spelled(row["receipt_id"], row["received_at"], results)),
            "results": digest(canonical_bytes(results)),
        }
    except (ValueError, TypeError):
        return {"receipt": None, "results": None}


_TABLES = (
    _Table("score", SCORES, (RATING_CHANGED,), _scores),
    _Table("observation", OBSERVATIONS, (RECEIVED, UPDATE_ATTACHED, TAKEN), _observations),
    _Table("child_version", BIRTHS, (TAKEN,), _births),
    _Table("counting", COUNTED, (TAKEN, PARTED), _counted),
    _Table("contest", CONTESTS, (TAKEN,), _contests),
    _Table("feed_turn", TURNS, (FEED_STARTED, FEED_SILENT, FEED_RECOVERED), _turns),
    _Table("held_update", HELD, (RECEIVED,), held_apart),
    _Table("held_update", DISCARDS, (UPDATE_DISCARDED,), discards_apart),
    _Table("receipt", RECEIPTS, (RECEIVED,), _receipts),
    _Table("judgement", JUDGEMENTS, (MADE,), judgement_apart),
    _Table("judgement_step", JUDGEMENT_STEPS, tuple(FOLLOWED.values()), followed_apart),
    _Table("model_step", TAKEN_STEPS, tuple(STEPS), steps_apart),
    _Table("indicator_comment", COMMENTS, (COMMENTED,), _comments),
)
