"""Where the proof of stored scores stands, and what it has found."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from services.scoring.tables import score_mismatch, score_proof
from shared.storage.upsert import upserting


@dataclass(frozen=True, slots=True)
class Proof:
    """How far the present pass has come, and the last whole one."""

    last_score_id: UUID | None
    checked: int
    began_at: datetime
    completed_at: datetime | None = None
    completed_checked: int | None = None


def lock_proof(connection: Connection, now: datetime) -> Proof:
    """Where the proof stands; nobody else goes on with it until the end of the transaction."""
    connection.execute(
        upserting(connection, score_proof)
        .values(id=1, checked=0, began_at=now)
        .on_conflict_do_nothing()
    )
    query = select(*_COLUMNS).where(score_proof.c.id == 1).with_for_update()
    return Proof(*connection.execute(query).one())


def proof_now(connection: Connection) -> Proof | None:
    """Where the proof stands; None before it has begun."""
    row = connection.execute(select(*_COLUMNS).where(score_proof.c.id == 1)).one_or_none()
    return None if row is None else Proof(*row)


def put_proof(connection: Connection, proof: Proof) -> None:
    """Remember where it stands."""
    connection.execute(
        update(score_proof)
        .where(score_proof.c.id == 1)
        .values(
            last_score_id=proof.last_score_id,
            checked=proof.checked,
            began_at=proof.began_at,
            completed_at=proof.completed_at,
            completed_checked=proof.completed_checked,
        )
    )


def known_mismatches(connection: Connection, score_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the scores that were found before."""
    query = select(score_mismatch.c.score_id).where(score_mismatch.c.score_id.in_(score_ids))
    return set(connection.scalars(query))


def add_mismatch(
    connection: Connection, score_id: UUID, differences: Sequence[str], now: datetime, entry: UUID
) -> None:
    """A stored score doesn't follow from its inputs."""
    connection.execute(
        insert(score_mismatch).values(
            score_id=score_id,
            entry_id=entry,
            found_at=now,
            differences=json.dumps(list(differences)),
        )
    )


def mismatches(connection: Connection) -> int:
    """How many have been found."""
    return connection.scalar(select(func.count()).select_from(score_mismatch)) or 0


_COLUMNS = (
    score_proof.c.last_score_id,
    score_proof.c.checked,
    score_proof.c.began_at,
    score_proof.c.completed_at,
    score_proof.c.completed_checked,
)
