"""Stored scores: the record, the history, and what lists are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import Connection, exists, insert, select

from services.scoring.tables import journal, score, standing
from shared.domain.canonical import Json, canonical_bytes, digest, record_bytes
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
    """Empty where the stored text is no document any more."""
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
        interval: tuple[str, str] | None = self.document.get("interval")
        return interval

    @property
    def band_range(self) -> tuple[str | None, str | None] | None:
        """Which bands it could come to, were everything known."""
        band_range: tuple[str | None, str | None] | None = self.document.get("band_range")
        return band_range


def differing_columns(stored: StoredScore) -> list[str]:
    """The columns, kept for lists, that no longer say what the document says."""
    return [
        f"{name} (column)"
        for name in ("status", "total", "band")
        if name in stored.document and getattr(stored, name) != stored.document[name]
    ]


class Spelled(NamedTuple):
    """A score, and the text of its document: what is digested is what is stored."""

    score: StoredScore
    document: bytes


def spell(stored: StoredScore) -> Spelled:
    """Raises `ValueError`: somebody has changed it to what has no canonical form."""
    return Spelled(stored, record_bytes(stored.document))


def digests_of(spelled: Spelled) -> dict[str, str]:
    """For the journal: the digest of what a score says, and of its row, whose columns are all in it
    (but the entry itself).

    Raises:
        ValueError: somebody has changed it to what has no canonical form.
    """
    stored, document = spelled.score, digest(spelled.document)
    row: dict[str, Json] = {
        "score_id": str(stored.score_id),
        "child_id": str(stored.child_id),
        "number": stored.number,
        "calculated_at": stored.calculated_at.astimezone(UTC).isoformat(),
        "as_of": stored.as_of.isoformat(),
        "model": stored.model,
        "version": stored.version,
        "document_hash": stored.document_hash,
        "engine_version": stored.engine_version,
        "known_position": stored.known_position,
        "status": stored.status,
        "total": stored.total,
        "band": stored.band,
        "document": document,
        "cause": stored.cause,
        "parts": [dict(part) for part in stored.parts],
    }
    return {"document": document, "row": digest(canonical_bytes(row))}


class Standing(NamedTuple):
    """Where a child stands: the last score, the content and the engine version that it was looked
    at under, the day on which time alone changes it, and up to where in the journal it was known
    which feeds are silent."""

    child_id: UUID
    score_id: UUID
    document_hash: str
    engine_version: str
    next_change_on: date | None
    feeds_position: int


def add_scores(connection: Connection, new: Sequence[tuple[Spelled, UUID]]) -> None:
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
                    "document": document.decode(),
                    "cause": one.cause,
                    "parts": canonical_bytes(one.parts).decode(),
                }
                for (one, document), entry_id in new
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


def told_of(connection: Connection, score_ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """What the journal tells of stored scores: nothing where the payload was erased, and no key
    where there is no entry. One query."""
    entries, payloads = journal.entries, journal.payloads
    rows = connection.execute(
        select(score.c.score_id, payloads.c.payload)
        .join(entries, entries.c.entry_id == score.c.entry_id)
        .outerjoin(payloads, payloads.c.position == entries.c.position)
        .where(score.c.score_id.in_(score_ids))
    )
    return {row[0]: {} if row[1] is None else orjson.loads(row[1]) for row in rows}


def following_none(connection: Connection, score_ids: Collection[UUID]) -> set[UUID]:
    """Those of the scores that aren't a child's first, and the one before is gone. One query."""
    before = score.alias("before")
    rows = connection.scalars(
        select(score.c.score_id).where(
            score.c.score_id.in_(score_ids),
            score.c.number != 1,
            ~exists().where(
                before.c.child_id == score.c.child_id, before.c.number == score.c.number - 1
            ),
        )
    )
    return set(rows)


def put_standings(connection: Connection, standings: Sequence[Standing]) -> None:
    """Remember where children stand now. One statement, whatever the number."""
    if not standings:
        return
    put = upserting(connection, standing)
    facts = Standing._fields[1:]
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["child_id"], set_={name: put.excluded[name] for name in facts}
        ),
        [one._asdict() for one in standings],
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
    fields["document"] = _read(row.document, dict)
    fields["parts"] = [] if row.parts is None else _read(row.parts, list)
    return StoredScore(**fields)


def _read(text: str, kind: type[Any]) -> Any:  # noqa: ANN401  # what we wrote down
    """What was written down; empty where somebody has broken it. That one row differs then, and
    those beside it are read."""
    try:
        found = orjson.loads(text)
    except ValueError:
        return kind()
    return found if isinstance(found, kind) else kind()
