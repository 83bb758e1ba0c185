"""What practice says of the weights: overrides counted, and comments on indicators."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.model import Model
from services.scoring.domain.versions import in_force
from services.scoring.service.history import require_score
from services.scoring.service.judging import PersonRequiredError
from services.scoring.service.steps import UnknownVersionError
from services.scoring.service.weights import Weights
from services.scoring.store.practice import (
    Comment,
    add_comment,
    comments_on,
    override_counts,
)
from services.scoring.store.versions import all_versions, one_version
from shared.contracts.caller import Caller
from shared.domain.errors import NotFoundError
from shared.ids import new_id
from shared.storage.writing import Writing

COMMENTED = "indicator.commented"
LATEST = 200
FEWEST = 6
"""Judged scores of fewer children than this could point at a child."""


class UnknownIndicatorError(NotFoundError):
    """The version has no such indicator."""

    code = "unknown_indicator"


@dataclass(frozen=True, slots=True)
class Override:
    """Judged scores to which an indicator gave points, and those judged to another band."""

    indicator: str
    judged: int | None
    otherwise: int | None


def overrides(connection: Connection, model: str, version: str) -> list[Override]:
    """By indicator, small numbers withheld. Raises `UnknownVersionError`."""
    if one_version(connection, model, version) is None:
        raise UnknownVersionError("No such version of this model.")
    return [
        Override(found.indicator, found.judged, found.otherwise)
        if found.children >= FEWEST
        else Override(found.indicator, None, None)
        for found in override_counts(connection, model, version)
    ]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said, of which indicator, and in the light of which score."""

    model: str
    version: str
    indicator: str
    score_id: UUID | None
    comment: str


def comment_on(
    transaction: Writing,
    weights: Weights,
    caller: Caller,
    remark: Remark,
) -> Comment:
    """A person says something of an indicator.

    Raises:
        PersonRequiredError: no person says it.
        UnknownVersionError, UnknownIndicatorError: there is no such thing to speak of.
        UnknownScoreError: the score is unknown, or of a child out of sight.
    """
    connection, score_id = transaction.connection, remark.score_id
    model, version, indicator = remark.model, remark.version, remark.indicator
    if caller.deciding_person is None:
        raise PersonRequiredError("A person comments; sign in as one.")
    found = one_version(connection, model, version)
    if found is None:
        raise UnknownVersionError("No such version of this model.")
    if indicator not in weights.of(connection, found.document_hash).model.ids:
        raise UnknownIndicatorError("This version has no indicator of that name.")
    if score_id is not None:
        require_score(connection, caller, score_id)
    new = Comment(
        new_id(),
        model,
        version,
        indicator,
        score_id,
        caller.deciding_person,
        transaction.now,
        remark.comment,
    )
    entry_id = transaction.record(
        COMMENTED,
        {
            "comment_id": str(new.comment_id),
            "model": model,
            "version": version,
            "indicator": indicator,
            "score_id": None if score_id is None else str(score_id),
            "person_id": new.person_id,
            "comment": remark.comment,
        },
    )
    add_comment(connection, new, entry_id)
    return new


@dataclass(frozen=True, slots=True)
class Practised:
    """An indicator as it is in a version, and what practice says of it."""

    indicator: str
    title: str
    override: Override | None
    """Of scores under the version in force; None: it gave points to no judged score."""
    comments: list[Comment]


@dataclass(frozen=True, slots=True)
class Practice:
    """What practice says of each indicator of a version."""

    counted_under: str | None
    """The version in force, whose scores were judged."""
    indicators: list[Practised]


def practice_beside(connection: Connection, model: Model, today: date) -> Practice:
    """What the author of a version reads beside its indicators: how often scores under the version
    in force were judged otherwise, and the latest comments on any version."""
    current = in_force(all_versions(connection, model.name), today)
    counted = [] if current is None else overrides(connection, model.name, current.version)
    by_indicator = {each.indicator: each for each in counted}
    comments = comments_on(connection, model.name, None, LATEST)
    return Practice(
        None if current is None else current.version,
        [
            Practised(
                each.id,
                each.title,
                by_indicator.get(each.id),
                [said for said in comments if said.indicator == each.id],
            )
            for each in model.indicators
        ],
    )


def read_comments(
    connection: Connection, model: str, before: UUID | None, limit: int
) -> list[Comment]:
    """Comments on a model's indicators, the latest first."""
    return comments_on(connection, model, before, limit)
