"""Whether an assessment still says what would happen: an approval is bound to one that does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Void(StrEnum):
    """Why an assessment says nothing about an approval now."""

    NOT_COMPLETED = "not_completed"
    OTHER_CONTENT = "other_content"
    OTHER_ENGINE = "other_engine"
    OTHER_VERSION_FOLLOWED = "other_version_followed"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Stand:
    """What an assessment is held against."""

    document_hash: str
    engine_version: str
    against_hash: str | None
    """The content that the version would follow now; None: none."""
    now: datetime
    valid_for: timedelta


@dataclass(frozen=True, slots=True)
class Basis:
    """What an assessment was made from."""

    completed: bool
    document_hash: str
    engine_version: str
    against_hash: str | None
    known_at: datetime
    """Evidence that became known later is not in it."""


def why_void(basis: Basis, stand: Stand) -> Void | None:
    """The first reason for which the assessment doesn't count; None: it does."""
    reasons = {
        Void.NOT_COMPLETED: not basis.completed,
        Void.OTHER_CONTENT: basis.document_hash != stand.document_hash,
        Void.OTHER_ENGINE: basis.engine_version != stand.engine_version,
        Void.OTHER_VERSION_FOLLOWED: basis.against_hash != stand.against_hash,
        Void.TOO_OLD: stand.now - basis.known_at > stand.valid_for,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
