"""Stored scores: the record, the history, and what lists are made of."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, insert, select

from services.scoring.tables import score


@dataclass(frozen=True, slots=True)
class StoredScore:
    """A score as it was computed: with its inputs' place in the journal and what it was under."""

    score_id: UUID
    child_id: UUID
    number: int
    """Counts a child's scores from 1: their order, whatever the clocks of two workers say."""
    calculated_at: datetime
    as_of: date
    model: str
    version: str
    document_hash: str
    engine_version: str
    known_position: int
    document: Mapping[str, Any]

    @property
    def status(self) -> str:
        """How far the score is known."""
        return str(self.document["status"])

    @property
    def total(self) -> str | None:
        """The points, an exact decimal; None where the model doesn't apply."""
        total: str | None = self.document["total"]
        return total

    @property
    def band(self) -> str | None:
        """The band; None where it is withheld or the model doesn't apply."""
        band: str | None = self.document["band"]
        return band


def add_scores(connection: Connection, new: Sequence[tuple[StoredScore, UUID]]) -> None:
    """Store scores, each with the journal entry that tells of it."""
    if new:
        connection.execute(
            insert(score),
            [
                {
                    "score_id": one.score_id,
                    "child_id": one.child_id,
                    "number": one.number,
                    "entry_id": entry_id,
                    "calculated_at": one.calculated_at,
                    "as_of": one.as_of,
                    "model": one.model,
                    "version": one.version,
                    "document_hash": one.document_hash,
                    "engine_version": one.engine_version,
                    "known_position": one.known_position,
                    "status": one.status,
                    "total": one.total,
                    "band": one.band,
                    "document": json.dumps(one.document),
                }
                for one, entry_id in new
            ],
        )


_COLUMNS = (
    score.c.score_id,
    score.c.child_id,
    score.c.number,
    score.c.calculated_at,
    score.c.as_of,
    score.c.model,
    score.c.version,
    score.c.document_hash,
    score.c.engine_version,
    score.c.known_position,
    score.c.document,
)


def latest_scores(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, StoredScore]:
    """The last stored score of each child. One query."""
    last = (
        select(score.c.child_id, func.max(score.c.number).label("number"))
        .where(score.c.child_id.in_(child_ids))
        .group_by(score.c.child_id)
        .subquery()
    )
    rows = connection.execute(
        select(*_COLUMNS).join(
            last, and_(last.c.child_id == score.c.child_id, last.c.number == score.c.number)
        )
    )
    return {row.child_id: _stored(row) for row in rows}


def scores_of(connection: Connection, child_id: UUID, limit: int) -> list[StoredScore]:
    """A child's stored scores, latest first."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(score.c.child_id == child_id)
        .order_by(score.c.number.desc())
        .limit(limit)
    )
    return [_stored(row) for row in rows]


def _stored(row: Any) -> StoredScore:  # noqa: ANN401  # a row of these columns
    fields = {
        **row._mapping,
        "document": json.loads(row.document),
    }  # SQLAlchemy's documented name for a row as a mapping
    return StoredScore(**fields)
