"""Judgements that end without a person: their day has come, or their band is gone. DESIGN 4, 5."""

from datetime import date

from services.scoring.domain.model import Model
from services.scoring.service.telling import tell_judged
from services.scoring.service.weights import Weights
from services.scoring.store.judgements import end_standing, expired_by, standing_beyond
from services.scoring.store.scores import latest_scores
from shared.storage.writing import Writing

EXPIRED = "judgement.expired"
REOPENED = "judgement.reopened"


def expire(transaction: Writing, weights: Weights, today: date) -> int:
    """Judgements whose day has come stand no longer; referrals is told. Returns how many."""
    connection, ended = transaction.connection, 0
    over = expired_by(connection, today)
    latest = latest_scores(connection, [each.child_id for each in over])
    for each in over:
        if not end_standing(connection, each.child_id, each.judgement_id):
            continue
        ended += 1
        transaction.record(
            EXPIRED,
            {"judgement_id": str(each.judgement_id), "until": each.until.isoformat()},
            each.child_id,
        )
        stored = latest.get(each.child_id)
        # Else there is no rating yet to tell of, or it is another model's.
        if stored is not None and stored.model == each.model:
            model = weights.of(connection, stored.document_hash).model
            tell_judged(transaction, stored, model, each, None)
    return ended


def reopen(transaction: Writing, model: Model, version: str) -> int:
    """A version has come into force that neither has the bands of some judgements nor renames them,
    or its model has become primary: those stand no longer, and somebody has to judge anew. Returns
    how many."""
    bands = {*model.places, *model.band_map}
    others = standing_beyond(transaction.connection, model.name, bands)
    for each in others:
        transaction.record(
            REOPENED,
            {
                "judgement_id": str(each.judgement_id),
                "model": model.name,
                "version": version,
                "band": each.band,
            },
            each.child_id,
        )
    return len(others)
