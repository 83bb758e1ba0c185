"""The tables that scoring owns. Only `store` (and the migrations) touch them.

Evidence is append-only: a correction or retraction is a new revision, never a change. A row says
with which journal entry it became known; that entry's position is known time.
"""

from services.scoring.tables.activations import activation, score_apart
from services.scoring.tables.assessments import assessment, assessment_apart, assessment_mover
from services.scoring.tables.base import feed_cursor, idempotency_key, journal, metadata
from services.scoring.tables.children import (
    child,
    child_identifier,
    child_version,
    counting,
    merged_child,
)
from services.scoring.tables.evidence import (
    contest,
    feed_turn,
    held_identifier,
    held_update,
    named_identifier,
    observation,
    receipt,
    rejected_update,
    sequence_range,
    source,
)
from services.scoring.tables.judgements import (
    indicator_comment,
    judged_indicator,
    judgement,
    judgement_standing,
    judgement_step,
)
from services.scoring.tables.primary import primary_at_first, primary_decision, primary_proposal
from services.scoring.tables.proof import score_mismatch, score_proof
from services.scoring.tables.scores import score, score_due, standing
from services.scoring.tables.weights import model_draft, model_step, model_version

__all__ = [
    "activation",
    "assessment",
    "assessment_apart",
    "assessment_mover",
    "child",
    "child_identifier",
    "child_version",
    "contest",
    "counting",
    "feed_cursor",
    "feed_turn",
    "held_identifier",
    "held_update",
    "idempotency_key",
    "indicator_comment",
    "journal",
    "judged_indicator",
    "judgement",
    "judgement_standing",
    "judgement_step",
    "merged_child",
    "metadata",
    "model_draft",
    "model_step",
    "model_version",
    "named_identifier",
    "observation",
    "primary_at_first",
    "primary_decision",
    "primary_proposal",
    "receipt",
    "rejected_update",
    "score",
    "score_apart",
    "score_due",
    "score_mismatch",
    "score_proof",
    "sequence_range",
    "source",
    "standing",
]
