"""Computing scores: on reading, and for the record after every change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.score import ENGINE_VERSION, score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.versions import Version, in_force
from services.scoring.service.weights import Weights
from services.scoring.store.children import births_of
from services.scoring.store.due import clear_due, lock_some_due
from services.scoring.store.observations import evidence_of
from services.scoring.store.scores import StoredScore, add_scores, latest_scores
from services.scoring.store.versions import all_versions
from shared.contracts.events import RATING_CHANGED, RatingChanged
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.journal import head_of
from shared.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Computed:
    """A score just computed, with the version it is under."""

    version: Version
    document: Mapping[str, Any]


def evidence_for(connection: Connection, child_ids: Sequence[UUID]) -> dict[UUID, Evidence]:
    """What is known now about each child. Two queries, whatever the number."""
    births = births_of(connection, child_ids)
    observations = evidence_of(connection, child_ids)
    return {
        child_id: Evidence(
            observations[child_id],
            births[child_id].date_of_birth,
            births[child_id].estimated,
        )
        for child_id in child_ids
    }


def compute(
    connection: Connection, weights: Weights, version: Version, child_id: UUID, as_of: date
) -> Computed:
    """The score of one child on a day, from what is known now. Writes nothing."""
    model = weights.of(connection, version).model
    evidence = evidence_for(connection, [child_id])[child_id]
    return Computed(version, as_document(score(model, evidence, as_of)))


def is_equal(stored: StoredScore, computed: Computed) -> bool:
    """Whether a stored score says the same: under the same content, whatever the day."""
    return (
        stored.document_hash == computed.version.document_hash
        and stored.engine_version == ENGINE_VERSION
        and _without_day(stored.document) == _without_day(computed.document)
    )


def _without_day(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "as_of"}


def store_due_scores(transaction: Writing, weights: Weights, model: str, limit: int) -> int:
    """Compute and store the scores of some children that are due. Returns how many were done.

    While no version is in force nothing is computed and the marks stay.
    """
    connection = transaction.connection
    today = london_date(transaction.now)
    version = in_force(all_versions(connection, model), today)
    if version is None:
        return 0
    child_ids = lock_some_due(connection, limit)
    if not child_ids:
        return 0
    # What is computed follows from everything that is in the journal by now.
    known_position = head_of(connection, transaction.journal).position
    compiled = weights.of(connection, version).model
    latest = latest_scores(connection, child_ids)
    new = []
    for child_id, evidence in evidence_for(connection, child_ids).items():
        computed = Computed(version, as_document(score(compiled, evidence, today)))
        before = latest.get(child_id)
        if before is None or not is_equal(before, computed):
            number = 1 if before is None else before.number + 1
            stored = _to_store(transaction, computed, child_id, number, known_position)
            new.append((stored, _tell(transaction, stored)))
    add_scores(connection, new)
    clear_due(connection, child_ids)
    return len(child_ids)


def _to_store(
    transaction: Writing, computed: Computed, child_id: UUID, number: int, known_position: int
) -> StoredScore:
    version = computed.version
    return StoredScore(
        score_id=new_id(),
        child_id=child_id,
        number=number,
        calculated_at=transaction.now,
        as_of=london_date(transaction.now),
        model=version.model,
        version=version.version,
        document_hash=version.document_hash,
        engine_version=ENGINE_VERSION,
        known_position=known_position,
        document=computed.document,
    )


def _tell(transaction: Writing, stored: StoredScore) -> UUID:
    """Write the score down in the journal, and with it the rating for referrals' feed."""
    rating = RatingChanged(
        child_id=stored.child_id,
        score_id=stored.score_id,
        model=stored.model,
        version=stored.version,
        as_of=stored.as_of,
        status=stored.status,
        total=stored.total,
        band=stored.band,
    )
    return transaction.record(
        RATING_CHANGED, rating.model_dump(mode="json"), child_id=stored.child_id
    )
