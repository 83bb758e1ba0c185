"""Stored equals derived: every stored score computed again from stored rows. DESIGN 2, invariant 1.

(In 2022 a national risk tool showed bands that no longer followed its scores, for 1,317 people.)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound

from services.scoring.domain.attribution import Basis
from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.meanings import MEANINGS
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.service.feeds import KnownFeeds, known_feeds
from services.scoring.service.weights import ContentChangedError, Weights
from services.scoring.store.evidence import evidence_behind
from services.scoring.store.scores import (
    StoredScore,
    differing_columns,
    digests_of,
    following_none,
    scores_after,
    spell,
    told_of,
)
from shared.storage.writing import Database

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Replayed:
    """A stored score beside what its inputs come to now, and where the two differ."""

    stored: StoredScore
    derived: Mapping[str, Any] | None
    """None where its engine version is not one that this code has."""
    differences: tuple[str, ...]
    """The top-level members that differ; `engine_version` where it is not known here,
    `document_hash` where no such content is stored, `inputs` where nothing can be computed from
    them, `number` where the score before it is gone, and `row` where its columns aren't those that
    the journal tells of."""

    @property
    def equal(self) -> bool:
        """Whether the stored score follows from its inputs, to the letter."""
        return not self.differences


def replay(
    connection: Connection, weights: Weights, stored: Sequence[StoredScore]
) -> list[Replayed]:
    """Compute stored scores again from what was known then, under the content named then."""
    ids = [one.score_id for one in stored]
    behind, told = evidence_behind(connection, ids), told_of(connection, ids)
    alone = following_none(connection, ids)
    feeds = known_feeds(connection)
    hashes = {one.document_hash for one in stored}
    models = {each: _model(connection, weights, each) for each in hashes}
    found = []
    for one in stored:
        model = models[one.document_hash]
        if model is None:
            derived, wrong = None, ["document_hash"]
        else:
            derived, wrong = _derive(one, model, behind[one.score_id], feeds)
        wrong += differing_columns(one)
        if one.score_id in alone:
            wrong.append("number")
        if not _is_as_told(one, told.get(one.score_id)):
            wrong.append("row")
        found.append(Replayed(one, derived, tuple(wrong)))
    return found


def _model(connection: Connection, weights: Weights, document_hash: str) -> Model | None:
    try:
        return weights.of(connection, document_hash).model
    except (NoResultFound, ContentChangedError):
        return None


def basis_of(one: StoredScore, model: Model, evidence: Evidence, feeds: KnownFeeds) -> Basis:
    """What a stored score follows from: its day, the evidence, and the feeds as known then, under
    the engine version that computed it."""
    known = feeds.beside(evidence, model, one.as_of, one.known_position)
    return Basis(model, known, one.as_of, one.engine_version)


def _derive(
    one: StoredScore, model: Model, evidence: Evidence, feeds: KnownFeeds
) -> tuple[Mapping[str, Any] | None, list[str]]:
    if one.engine_version not in MEANINGS:
        return None, ["engine_version"]
    try:
        derived = as_document(score(*basis_of(one, model, evidence, feeds)))
    except Exception:  # noqa: BLE001  # a broken row is named, and the walk goes on
        return None, ["inputs"]
    if not one.document:
        return derived, ["document"]
    members = sorted(derived.keys() | one.document.keys())
    return derived, [name for name in members if derived.get(name) != one.document.get(name)]


def _is_as_told(one: StoredScore, told: Mapping[str, Any] | None) -> bool:
    """Whether a row is the one that the journal tells of. The entries of old scores don't say."""
    if told is None:
        return False
    try:
        return "row" not in told or bool(digests_of(spell(one))["row"] == told["row"])
    except ValueError:
        return False


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
