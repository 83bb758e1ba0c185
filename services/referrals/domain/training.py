"""Training sessions for professionals. No personal data: numbers, never names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.transitions import Actor
from shared.domain.errors import FieldError


class Audience(StrEnum):
    """Whom a session was for."""

    SOCIAL_CARE = "social_care"
    EDUCATION = "education"
    HEALTH = "health"
    POLICE = "police"
    YOUTH_WORK = "youth_work"
    FOSTER_CARERS = "foster_carers"
    VOLUNTARY = "voluntary"
    BUSINESS = "business"
    MIXED = "mixed"


class Mode(StrEnum):
    """How it was held."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"
    RECORDED = "recorded"


AUDIENCE_TITLES: Mapping[str, str] = {
    Audience.SOCIAL_CARE: "Social care",
    Audience.EDUCATION: "Education",
    Audience.HEALTH: "Health",
    Audience.POLICE: "Police",
    Audience.YOUTH_WORK: "Youth work",
    Audience.FOSTER_CARERS: "Foster carers",
    Audience.VOLUNTARY: "Voluntary organisations",
    Audience.BUSINESS: "Businesses, such as hotels and taxis",
    Audience.MIXED: "Several of these",
}

MODE_TITLES: Mapping[str, str] = {
    Mode.IN_PERSON: "In person",
    Mode.ONLINE: "Online",
    Mode.HYBRID: "In person and online",
    Mode.RECORDED: "Recorded, to be watched at any time",
}


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it is known. `cancelled`: it did not take place, or was entered by mistake."""

    topic: str
    audience: Audience
    mode: Mode
    attended: int
    held_on: date
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class SessionRevision:
    """A session, by whom it was entered or corrected, and why."""

    session_id: UUID
    revision: int
    at: datetime
    by: Actor
    reason: str | None
    session: Session


@dataclass(slots=True)
class Count:
    """How many sessions, and how many attended them."""

    sessions: int = 0
    attended: int = 0

    def add(self, session: Session) -> None:
        """Count one more."""
        self.sessions += 1
        self.attended += session.attended


@dataclass(frozen=True, slots=True)
class Counts:
    """The sessions of a period, in all and apart. One who attended twice counts twice."""

    total: Count
    by_audience: Mapping[Audience, Count]
    by_mode: Mapping[Mode, Count]


def faults(session: Session, today: date) -> Iterator[FieldError]:
    """What is wrong with a session as it was given."""
    if session.held_on > today and not session.cancelled:
        yield FieldError("/held_on", "in_the_future", "Write today or a day before.")


def counted(sessions: Iterable[Session]) -> Counts:
    """Sessions counted; those that were cancelled don't count."""
    counts = Counts(Count(), {each: Count() for each in Audience}, {each: Count() for each in Mode})
    for session in sessions:
        if not session.cancelled:
            for count in (
                counts.total,
                counts.by_audience[session.audience],
                counts.by_mode[session.mode],
            ):
                count.add(session)
    return counts
