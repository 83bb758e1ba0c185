"""The stored scores of a record, each with what professionals judged beside it. DESIGN 2 (7)."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.service.reading import require_sight
from services.scoring.service.standing import Judged, band_in_force, standing_on
from services.scoring.service.weights import Weights
from services.scoring.store.judgements import Recorded, judgements_beside
from services.scoring.store.scores import StoredScore, scores_of
from shared.contracts.caller import Caller


class Past(NamedTuple):
    """A stored score, and what was judged beside it."""

    stored: StoredScore
    judged: Judged | None
    """The judgement that stood when it was calculated."""
    made: Sequence[Recorded]
    """Those that were made on it, the latest first."""

    @property
    def band_in_force(self) -> str | None:
        """When it was calculated."""
        return band_in_force(self.stored.band, self.judged)


def read_history(
    connection: Connection, caller: Caller, child_id: UUID, before: int | None, limit: int
) -> list[StoredScore]:
    """The stored scores of a record, latest first, below the number `before`. Those of one that was
    merged meanwhile stay with it."""
    require_sight(connection, caller, child_id)
    return scores_of(connection, child_id, before, limit)


def beside_judgements(
    connection: Connection, weights: Weights, scores: Sequence[StoredScore]
) -> list[Past]:
    """Stored scores, each with what was judged beside it. Two queries, however many."""
    beside = judgements_beside(connection, [one.score_id for one in scores])
    return [_past(connection, weights, one, beside.get(one.score_id, ())) for one in scores]


def _past(
    connection: Connection, weights: Weights, stored: StoredScore, beside: Sequence[Recorded]
) -> Past:
    own = [each for each in beside if each.judgement.model == stored.model]
    if not own:
        return Past(stored, None, ())
    model = weights.of(connection, stored.document_hash).model
    fired = [floor["band"] for floor in stored.document.get("floors", ())]
    return Past(
        stored,
        standing_on(own, stored.as_of, stored.known_position, model, fired),
        [each for each in own if each.score_id == stored.score_id],
    )
