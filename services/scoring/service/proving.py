"""Stored equals derived, proved continuously: some stored scores at a time, round and round.

A pass goes on where it was after a restart. What doesn't follow is loud: an alarm, an entry in the
journal, and a count that anybody who reads about weights can see.
"""

import logging
from dataclasses import replace

from services.scoring.service.verifying import Replayed, replay
from services.scoring.service.weights import Weights
from services.scoring.store.proof import (
    Proof,
    add_mismatch,
    known_mismatches,
    lock_proof,
    put_proof,
)
from services.scoring.store.scores import scores_after
from shared.clock import Clock
from shared.storage.writing import Database, Writing

log = logging.getLogger("amber.scores")

AT_ONCE = 100
MISMATCH = "score.mismatch"


def prove_some(database: Database, weights: Weights, clock: Clock, limit: int = AT_ONCE) -> int:
    """Compute some stored scores again and compare. Returns how many don't follow."""
    with database.writing(clock) as transaction:
        proof = lock_proof(transaction.connection, transaction.now)
        stored = scores_after(transaction.connection, proof.last_score_id, limit)
        wrong = [each for each in replay(transaction.connection, weights, stored) if not each.equal]
        known = known_mismatches(transaction.connection, [each.stored.score_id for each in wrong])
        for each in wrong:
            if each.stored.score_id not in known:
                _tell(transaction, each)
        checked = proof.checked + len(stored)
        if len(stored) < limit:
            after = Proof(None, 0, transaction.now, transaction.now, checked)
        else:
            after = replace(proof, last_score_id=stored[-1].score_id, checked=checked)
        put_proof(transaction.connection, after)
    return len(wrong)


def _tell(transaction: Writing, found: Replayed) -> None:
    log.error("a stored score does not follow from its inputs")
    stored = found.stored
    entry_id = transaction.record(
        MISMATCH,
        {"score_id": str(stored.score_id), "differences": list(found.differences)},
        stored.child_id,
    )
    add_mismatch(
        transaction.connection, stored.score_id, found.differences, transaction.now, entry_id
    )
