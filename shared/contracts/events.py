"""What one service tells another through the internal feed. Versionless: fields are only added."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CHILD_CHANGED = "child.changed"
RATING_CHANGED = "rating.changed"


class Contract(BaseModel):
    """A wire model between services; an unknown field means that the sender is newer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Identifier(Contract):
    """A child's number in another system."""

    type: str
    value: str


class ChildChanged(Contract):
    """A child as referrals knows it now: everything scoring needs, nothing more."""

    child_id: UUID
    date_of_birth: date | None
    date_of_birth_estimated: bool
    identifiers: tuple[Identifier, ...]
    team: str | None
    restricted: bool
    staff_relative: bool


class RatingChanged(Contract):
    """The rating in force for a child, with the score it follows from."""

    child_id: UUID
    score_id: UUID
    model: str
    version: str
    as_of: date
    status: str
    total: str | None
    band: str | None
    # A total without these would show what nobody knows as if it were nothing.
    interval: tuple[str, str] | None = None
    band_range: tuple[str | None, str | None] | None = None
    known: int = 0
    """How many of the model's indicators are known."""
    of: int = 0


class Event(Contract):
    """One entry of a service's journal, as the other service reads it."""

    position: int
    recorded_at: datetime
    type: str
    data: dict[str, Any]


class FeedPage(Contract):
    """A page of a feed. `next` is the cursor to send back; it passes entries not meant for you."""

    epoch: str
    next: int
    events: tuple[Event, ...]
