"""The stored scores of a record, each with what professionals judged beside it. DESIGN 2 (7)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.service.reading import UnknownChildError, require_sight
from services.scoring.service.standing import Judged, band_in_force, standing_on
from services.scoring.service.verifying import Replayed, replay
from services.scoring.service.weights import Weights
from services.scoring.store.judgements import Recorded, judgements_beside
from services.scoring.store.past_sight import out_of_sight
from services.scoring.store.scores import StoredScore, one_score, scores_of
from shared.contracts.caller import Caller
from shared.domain.errors import NotFoundError


class UnknownScoreError(NotFoundError):
    """No such score, or one of a child that the caller may not see."""

    code = "unknown_score"


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


def in_sight(
    connection: Connection, caller: Caller, scores: Sequence[StoredScore]
) -> list[StoredScore]:
    """Those of some stored scores for which no other record counted then that the caller may
    not see by now; of one that follows upon such a score, not what made it change. One query."""
    unseen = out_of_sight(connection, caller.sight, [one.score_id for one in scores])
    return [
        replace(one, cause=None, parts=()) if one.score_id in unseen.following else one
        for one in scores
        if one.score_id not in unseen.scores
    ]


class Stored(NamedTuple):
    """A stored score, and as much of it as the caller may see."""

    whole: StoredScore
    seen: StoredScore


def require_score(connection: Connection, caller: Caller, score_id: UUID) -> Stored:
    """A stored score by its id.

    Raises:
        UnknownScoreError: there is none; or the caller may not see its child, or a record that
            counted for it then. One answer for all: another would say that there is such a score.
    """
    unknown = UnknownScoreError("No score of that id, or none that you may see.")
    stored = one_score(connection, score_id)
    if stored is None:
        raise unknown
    try:
        require_sight(connection, caller, stored.child_id)
    except UnknownChildError:
        raise unknown from None
    seen = in_sight(connection, caller, [stored])
    if not seen:
        raise unknown
    return Stored(stored, *seen)


def read_stored(
    connection: Connection, weights: Weights, caller: Caller, score_id: UUID
) -> Replayed:
    """A stored score, beside what it comes to when computed again."""
    stored = require_score(connection, caller, score_id)
    (found,) = replay(connection, weights, [stored.whole])
    return replace(found, stored=stored.seen)


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
    return Past(
        stored,
        standing_on(own, stored.as_of, stored.known_position, model, stored.document),
        [each for each in own if each.score_id == stored.score_id],
    )
