"""Stored scores: the record, the history, and what lists are made of."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.scoring.tables import score, standing
from shared.storage.upsert import upserting


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
    cause: str | None
    """What most of the change since the score before comes from; None for the first."""
    parts: Sequence[Mapping[str, Any]]
    """What ageing, correction, new evidence and another model did, in that order."""

    status: str
    """How far the score is known."""
    total: str | None
    """The points, an exact decimal; None where the model doesn't apply."""
    band: str | None
    """The band; None where it is withheld or the model doesn't apply."""

    @property
    def interval(self) -> tuple[str, str] | None:
        """Where the total could lie, were everything known."""
        interval: tuple[str, str] | None = self.document["interval"]
        return interval

    @property
    def band_range(self) -> tuple[str | None, str | None] | None:
        """Which bands it could come to, were everything known."""
        band_range: tuple[str | None, str | None] | None = self.document["band_range"]
        return band_range


def differing_columns(stored: StoredScore) -> list[str]:
    """The columns, kept for lists, that no longer say what the document says."""
    return [
        f"{name} (column)"
        for name in ("status", "total", "band")
        if getattr(stored, name) != stored.document[name]
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a child stands: the last score, the day on which time alone changes it, and up to where
    in the journal it was known which feeds are silent."""

    child_id: UUID
    score_id: UUID
    document_hash: str
    next_change_on: date | None
    feeds_position: int


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
                    "cause": one.cause,
                    "parts": json.dumps(list(one.parts)),
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
    score.c.cause,
    score.c.parts,
    score.c.status,
    score.c.total,
    score.c.band,
)


def latest_scores(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, StoredScore]:
    """The last stored score of each child. One query."""
    rows = connection.execute(
        select(*_COLUMNS)
        .join(standing, standing.c.score_id == score.c.score_id)
        .where(standing.c.child_id.in_(child_ids))
    )
    return {row.child_id: _stored(row) for row in rows}


def one_score(connection: Connection, score_id: UUID) -> StoredScore | None:
    """A stored score by its id."""
    row = connection.execute(select(*_COLUMNS).where(score.c.score_id == score_id)).one_or_none()
    return None if row is None else _stored(row)


def scores_after(connection: Connection, score_id: UUID | None, limit: int) -> list[StoredScore]:
    """Stored scores in the order of their ids, behind one of them: a walk over all."""
    query = select(*_COLUMNS).order_by(score.c.score_id).limit(limit)
    if score_id is not None:
        query = query.where(score.c.score_id > score_id)
    return [_stored(row) for row in connection.execute(query)]


def put_standings(connection: Connection, standings: Sequence[Standing]) -> None:
    """Remember where children stand now. One statement, whatever the number."""
    if not standings:
        return
    put = upserting(connection, standing)
    facts = ("score_id", "document_hash", "next_change_on", "feeds_position")
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["child_id"], set_={name: put.excluded[name] for name in facts}
        ),
        [asdict(one) for one in standings],
    )


def scores_of(
    connection: Connection, child_id: UUID, before: int | None, limit: int
) -> list[StoredScore]:
    """A child's stored scores, latest first, below the number `before`."""
    query = (
        select(*_COLUMNS)
        .where(score.c.child_id == child_id)
        .order_by(score.c.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(score.c.number < before)
    return [_stored(row) for row in connection.execute(query)]


def _stored(row: Any) -> StoredScore:  # noqa: ANN401  # a row of these columns
    fields = dict(zip(row._fields, row, strict=True))
    fields["document"] = json.loads(row.document)
    fields["parts"] = [] if row.parts is None else json.loads(row.parts)
    return StoredScore(**fields)
