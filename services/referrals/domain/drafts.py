"""A referral that somebody is still writing: theirs alone, and gone after a while."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.referrals.domain.transitions import Actor


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written so far, as it was sent. Nothing is received before it is submitted."""

    draft_id: UUID
    owner: str
    revision: int
    saved_at: datetime
    expires_at: datetime
    content: Mapping[str, Any]


def owner_of(actor: Actor) -> str:
    """Whose a draft is: a person's, whichever client they use, else the system's."""
    if actor.person_id is not None:
        return f"person:{actor.person_id}"
    return f"client:{actor.client_id}"


def kept_until(saved_at: datetime, days: int) -> datetime:
    """When a draft that was saved then is erased."""
    return saved_at + timedelta(days=days)
