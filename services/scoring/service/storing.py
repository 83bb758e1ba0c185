"""The worker: after every change the scores that are due are computed and stored, with why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.scoring.domain.attribution import Basis, attribute, main_cause
from services.scoring.domain.engine.document import as_document, points
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.score import ENGINE_VERSION, score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.versions import Version, in_force
from services.scoring.service.computing import is_equal
from services.scoring.service.weights import Weights
from services.scoring.store.due import clear_due, lock_some_due, mark_turning_due
from services.scoring.store.evidence import evidence_behind, evidence_now
from services.scoring.store.scores import (
    Standing,
    StoredScore,
    add_scores,
    latest_scores,
    put_standings,
)
from services.scoring.store.versions import all_versions
from shared.contracts.events import RATING_CHANGED, RatingChanged
from shared.domain.canonical import canonical_bytes, digest
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.journal import head_of
from shared.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the worker: what every score in it is computed under."""

    transaction: Writing
    weights: Weights
    version: Version
    as_of: date
    known_position: int


def mark_turning(transaction: Writing, model: str) -> None:
    """Mark the children whose score changes today without anything new: by age, or by weights."""
    today = london_date(transaction.now)
    version = in_force(all_versions(transaction.connection, model), today)
    if version is not None:
        mark_turning_due(transaction.connection, today, version.document_hash, transaction.now)


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
    _store(Run(transaction, weights, version, today, known_position), child_ids)
    clear_due(connection, child_ids)
    return len(child_ids)


def _store(run: Run, child_ids: Sequence[UUID]) -> None:
    connection = run.transaction.connection
    model = run.weights.of(connection, run.version.document_hash).model
    latest = latest_scores(connection, child_ids)
    behind = evidence_behind(connection, [last.score_id for last in latest.values()])
    new, standings = [], []
    for child_id, evidence in evidence_now(connection, child_ids).items():
        found = score(model, evidence, run.as_of)
        document = as_document(found)
        last = latest.get(child_id)
        if last is None or not is_equal(last, run.version.document_hash, document):
            before = None if last is None else _basis(run, last, behind[last.score_id])
            parts = () if before is None else attribute(before, Basis(model, evidence, run.as_of))
            number = 1 if last is None else last.number + 1
            last = StoredScore(
                score_id=new_id(),
                child_id=child_id,
                number=number,
                calculated_at=run.transaction.now,
                as_of=run.as_of,
                model=run.version.model,
                version=run.version.version,
                document_hash=run.version.document_hash,
                engine_version=ENGINE_VERSION,
                known_position=run.known_position,
                document=document,
                cause=main_cause(parts),
                parts=[part._asdict() for part in parts],
                status=found.status,
                total=None if found.standing is None else points(model, found.standing.total),
                band=found.band,
            )
            new.append((last, _tell(run.transaction, last)))
        turns = next((change.on for change in forecast(found)), None)
        standings.append(Standing(child_id, last.score_id, run.version.document_hash, turns))
    add_scores(connection, new)
    put_standings(connection, standings)


def _basis(run: Run, last: StoredScore, evidence: Evidence) -> Basis:
    model = run.weights.of(run.transaction.connection, last.document_hash).model
    return Basis(model, evidence, last.as_of)


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
    payload: Mapping[str, Any] = {
        **rating.model_dump(mode="json"),
        "cause": stored.cause,
        # The chain covers what the score said, to the letter.
        "document": digest(canonical_bytes(stored.document)),
    }
    return transaction.record(RATING_CHANGED, payload, child_id=stored.child_id)
