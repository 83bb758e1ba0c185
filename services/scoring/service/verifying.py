"""Stored equals derived: every stored score computed again from stored rows. DESIGN 2, invariant 1.

(In 2022 a national risk tool showed bands that no longer followed its scores, for 1,317 people.)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.attribution import Basis
from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.score import ENGINE_VERSION, score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.service.feeds import KnownFeeds, known_feeds
from services.scoring.service.weights import Weights
from services.scoring.store.evidence import evidence_behind
from services.scoring.store.scores import StoredScore, differing_columns, scores_after
from shared.storage.writing import Database

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored score beside what its inputs come to now, and where the two differ."""

    stored: StoredScore
    derived: Mapping[str, Any] | None
    """None where its engine version is not one that this code has."""
    differences: tuple[str, ...]
    """The top-level members that differ, and `engine_version` where it is not known here."""

    @property
    def equal(self) -> bool:
        """Whether the stored score follows from its inputs, to the letter."""
        return not self.differences


def replay(
    connection: Connection, weights: Weights, stored: Sequence[StoredScore]
) -> list[Replayed]:
    """Compute stored scores again from what was known then, under the content named then."""
    behind = evidence_behind(connection, [one.score_id for one in stored])
    feeds = known_feeds(connection)
    models = {one.document_hash: weights.of(connection, one.document_hash).model for one in stored}
    bases = [
        basis_of(one, models[one.document_hash], behind[one.score_id], feeds) for one in stored
    ]
    return [Replayed(one, *_derive(one, basis)) for one, basis in zip(stored, bases, strict=True)]


def basis_of(one: StoredScore, model: Model, evidence: Evidence, feeds: KnownFeeds) -> Basis:
    """What a stored score follows from: its day, the evidence, and the feeds as known then."""
    return Basis(model, feeds.beside(evidence, model, one.as_of, one.known_position), one.as_of)


def _derive(one: StoredScore, basis: Basis) -> tuple[Mapping[str, Any] | None, tuple[str, ...]]:
    if one.engine_version != ENGINE_VERSION:
        return None, ("engine_version",)
    derived = as_document(score(*basis))
    members = sorted(derived.keys() | one.document.keys())
    wrong = [name for name in members if derived.get(name) != one.document.get(name)]
    return derived, (*wrong, *differing_columns(one))


def verify_all(database: Database, weights: Weights) -> Iterator[Replayed]:
    """Every stored score, replayed, some at a time, each part in a short read transaction."""
    last: UUID | None = None
    while True:
        with database.reading() as connection:
            found = scores_after(connection, last, AT_ONCE)
            yield from replay(connection, weights, found)
        if not found:
            return
        last = found[-1].score_id
