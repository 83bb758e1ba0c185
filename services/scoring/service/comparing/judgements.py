"""Judgements and what followed them, compared with what the journal told."""

from collections.abc import Sequence
from datetime import UTC

from services.scoring.service.comparing.compared import columns_apart
from services.scoring.store.told import Row, Told


def judgement_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """The columns in which a judgement differs from what its entry tells."""
    stored = [
        {**_as_told(row), "until": row["until_day"].isoformat(), "floor": row["floor_band"]}
        for row in rows
    ]
    return columns_apart([told.payload], stored)


def followed_apart(told: Told, rows: Sequence[Row]) -> list[str]:
    """The same of a confirmation or a withdrawal."""
    said = {**told.payload, "step": told.kind.rpartition(".")[2]}
    of_judgement = {"child_id": told.payload["child_id"]}  # a column of the judgement alone
    return columns_apart([said], [{**_as_told(row), **of_judgement} for row in rows])


def _as_told(row: Row) -> Row:
    """A row in the words of the journal. (Entries from before don't say on which day, nor when.)"""
    said = {
        name: str(row[name]) for name in ("judgement_id", "child_id", "score_id") if name in row
    }
    at = row["at"].astimezone(UTC).isoformat()
    return {**row, **said, "on": row["on_day"].isoformat(), "at": at}
