"""A case as it stands, and the records of the work in it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.referrals.domain.cases.transitions import CaseMoved, CaseStatus
from services.referrals.domain.referral import ReferralType
from services.referrals.domain.transitions import Actor, ReferralStatus

OPENS_A_CASE = frozenset({ReferralStatus.ACCEPTED, ReferralStatus.ALLOCATED})
"""A referral in one of these can have its case opened, and reopened."""


@dataclass(frozen=True, slots=True)
class Case:
    """The work with one child after one referral. `last` led to its present status;
    `referral_status`: where the referral stands now."""

    case_id: UUID
    child_id: UUID
    referral_id: UUID
    type: ReferralType
    opened_at: datetime
    status: CaseStatus
    revision: int
    next_check_on: date | None
    authority: str | None
    last: CaseMoved
    referral_status: ReferralStatus


class RecordKind(StrEnum):
    """What is recorded in a case."""

    CONTACT = "contact"
    PLAN = "plan"
    ACTION = "action"
    PLAN_REVIEW = "plan_review"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Which:
    """A record of a case, if it is of one of these kinds."""

    case_id: UUID
    record_id: UUID
    kinds: Collection[RecordKind]


HEALTH = frozenset({RecordKind.HEALTH})
WORK = frozenset(RecordKind) - HEALTH
"""What needs no health scope."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record, or a correction of it: a row of its own with the next revision and a reason.
    `content` has the fields of its kind, as they were sent."""

    record_id: UUID
    case_id: UUID
    kind: RecordKind
    revision: int
    at: datetime
    by: Actor
    on_day: date
    reason: str | None
    content: Mapping[str, Any]
    withdrawn: bool = False
    """It was entered by mistake: kept, and shown as such."""
