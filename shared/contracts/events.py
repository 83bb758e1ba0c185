"""What one service tells another through the internal feed. Versionless: fields are only added."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

CHILD_CHANGED = "child.changed"
SCREENING_ANSWERED = "screening.answered"
RATING_CHANGED = "rating.changed"
# Of updates that wait for a child.
UPDATE_HELD = "update.held"
UPDATE_ATTACHED = "update.attached"
UPDATE_DISCARDED = "update.discarded"
# Of a source of indicator updates; each is told once a turn.
FEED_STARTED = "feed.started"
FEED_SILENT = "feed.silent"
FEED_RECOVERED = "feed.recovered"


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
    survivor_id: UUID | None = None
    """The child that this record was merged into, at the end of the chain. None: it stands by
    itself (again). Identifiers stay with the record that they were said of, merged or not; the date
    of birth of a survivor is what all its records know; access facts hold for every record."""
    # For reports of disparity alone: no score ever reads them.
    sex: str | None = None
    ethnicity: str | None = None
    looked_after: bool | None = None


class ScreeningAnswer(Contract):
    """One answer of a screening tool, under an observation code."""

    code: str
    answer: str


class ScreeningAnswered(Contract):
    """A screening tool as a professional filled it in; a higher revision replaces the answers."""

    screening_id: UUID
    revision: int
    child_id: UUID
    observed_on: date
    answers: tuple[ScreeningAnswer, ...]


class BandTold(Contract):
    """A band of a model, and within what time a child in it is looked at again (`P84D`, `P3M`)."""

    id: str
    review_within: str | None = None


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
    cause: str | None = None
    """What made the score or the rating change: evidence, ageing, correction, model, judgement."""
    judged_band: str | None = None
    """The band of the judgement in force; None: the score's band stands, not yet confirmed."""
    judgement_id: UUID | None = None
    judged_until: date | None = None
    bands: tuple[BandTold, ...] = ()
    """The model's bands in rising order: what is urgent, whatever a band is called."""


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
