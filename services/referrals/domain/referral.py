"""A referral: a concern about one child, and the rules for taking it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.child import GivenChild
from services.referrals.domain.transitions import Moved, ReferralStatus
from shared.domain.errors import FieldError

EARLIEST_DATE = date(1900, 1, 1)


class ReferralType(StrEnum):
    """Child sexual exploitation, child criminal exploitation, or both."""

    CSE = "cse"
    CCE = "cce"
    BOTH = "both"


class ReferralSource(StrEnum):
    """Who raised the concern: DfE children in need census, referral source."""

    FAMILY_RELATIVE_CARER = "1A"
    ACQUAINTANCE = "1B"
    SELF = "1C"
    OTHER_INDIVIDUAL = "1D"
    SCHOOLS = "2A"
    EDUCATION_SERVICES = "2B"
    GP = "3A"
    HEALTH_VISITOR = "3B"
    SCHOOL_NURSE = "3C"
    OTHER_PRIMARY_HEALTH = "3D"
    EMERGENCY_DEPARTMENT = "3E"
    OTHER_HEALTH = "3F"
    HOUSING = "4"
    LA_SOCIAL_CARE = "5A"
    LA_OTHER_INTERNAL = "5B"
    OTHER_LA = "5C"
    LA_EARLY_HELP = "5D"
    POLICE = "6"
    OTHER_LEGAL = "7"
    OTHER = "8"
    ANONYMOUS = "9"
    UNKNOWN = "10"


@dataclass(frozen=True, slots=True)
class GivenReferral:
    """A referral as a sender gives it: with the id of a known child, or with a description."""

    type: ReferralType
    source: ReferralSource
    received_on: date
    source_ref: str | None = None
    summary: str | None = None
    child_id: UUID | None = None
    child: GivenChild | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as it stands. `last` is the move that led to its present status."""

    referral_id: UUID
    child_id: UUID
    type: ReferralType
    source: ReferralSource
    source_ref: str | None
    received_on: date
    recorded_at: datetime
    summary: str | None
    differing_details: Mapping[str, str]
    status: ReferralStatus
    revision: int
    last: Moved


def faults(given: GivenReferral, today: date) -> Iterator[FieldError]:
    """Everything wrong with a referral that only shows when its parts are looked at together,
    or against `today` (a date in London)."""
    if given.child_id is not None and given.child is not None:
        yield FieldError(
            "/child", "one_too_many", "Give child_id or a child block, not both of them."
        )
    if given.child_id is None and given.child is None:
        yield FieldError("/child", "missing", "Say which child: give child_id or a child block.")
    if given.received_on > today:
        yield FieldError(
            "/received_on", "in_the_future", "Write the day it was received: today or before."
        )
    if given.child is not None:
        yield from _faults_of_child(given.child, given.received_on, today)


def _faults_of_child(child: GivenChild, received_on: date, today: date) -> Iterator[FieldError]:
    born, at = child.details.date_of_birth, "/child/date_of_birth"
    if born is not None and born > today:
        yield FieldError(at, "in_the_future", "Write a date of birth that is not in the future.")
    elif born is not None and born > received_on:
        yield FieldError(at, "after_received_on", "Write a date of birth on or before received_on.")
    if born is None and child.details.date_of_birth_estimated:
        yield FieldError(
            "/child/date_of_birth_estimated",
            "nothing_estimated",
            "Give the date of birth that is estimated, or leave this out.",
        )
