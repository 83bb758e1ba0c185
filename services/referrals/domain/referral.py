"""A referral: a concern about one child, and the rules for taking it in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.child import Details, GivenChild
from services.referrals.domain.clocks import Clock, WaitsFor
from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.commands import SignpostOutcome
from services.referrals.domain.rating import Rating
from services.referrals.domain.screening import Screening, faults_of_screening
from services.referrals.domain.transitions import Gate, Moved, ReferralStatus
from shared.domain.ages import age_on
from shared.domain.errors import FieldError

EARLIEST_DATE = date(1900, 1, 1)

ADULT = 18
"""From this age on a referral says why it is made."""

MOST_WEEKS_AHEAD, MOST_WEEKS_OVERDUE = 44, 4
"""How far from the referral the birth of an unborn child can be expected: further is a typing
error."""


class ReferralType(StrEnum):
    """Child sexual exploitation, child criminal exploitation, or both."""

    CSE = "cse"
    CCE = "cce"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class GivenReferral:
    """A referral as a sender gives it: with the id of a known child, or with a description."""

    type: ReferralType
    source: ReferralSource
    received_on: date
    source_ref: str | None = None
    summary: str | None = None
    looked_after: bool | None = None
    over_18_reason: str | None = None
    child_id: UUID | None = None
    child: GivenChild | None = None
    screening: Screening | None = None


@dataclass(frozen=True, slots=True)
class Previous:
    """The referral of the same child before this one, by the day it was received."""

    referral_id: UUID
    received_on: date


@dataclass(frozen=True, slots=True)
class Referral:
    """A referral as it stands. `last` is the move that its present status stands on; `looked_after`
    is what the source says of the day of the referral, None where it says nothing. What ends in
    `at_referral` is a snapshot: as it was known when the referral was recorded."""

    referral_id: UUID
    reference: str
    child_id: UUID
    type: ReferralType
    source: ReferralSource
    source_ref: str | None
    received_on: date
    recorded_at: datetime
    summary: str | None
    looked_after: bool | None
    age_at_referral: int | None
    looked_after_at_referral: bool | None
    over_18_reason: str | None
    differing_details: Mapping[str, str]
    status: ReferralStatus
    revision: int
    last: Moved
    clock: Clock | None
    gate: Gate
    worker: str | None
    """Whose work it is, while it is allocated."""
    worker_team: str | None
    outcome: SignpostOutcome | None
    """What came of signposting, while it is signposted."""
    rating_at_referral: Rating | None
    """What was in force when it was recorded."""
    previous: Previous | None
    case_closed: bool = False
    """Whether its case was closed, or transferred, since it came to its status, and is still."""

    @property
    def waiting(self) -> Clock | None:
        """What is due now: nobody has to be found for a case that two people closed."""
        for_a_worker = self.clock is not None and self.clock.waits_for is WaitsFor.ALLOCATION
        return None if for_a_worker and self.case_closed else self.clock

    @property
    def re_referral_of(self) -> Previous | None:
        """The referral that this one came within twelve months of. None for a duplicate, which is
        no referral of its own."""
        if self.previous is None or self.status is ReferralStatus.DUPLICATE:
            return None
        return self.previous if came_within_a_year(self.previous, self.received_on) else None


def age_at(received_on: date, born: date | None) -> int | None:
    """The child's age on the day of the referral. None where the date of birth isn't known, and for
    a child who was not born yet."""
    return None if born is None else age_on(received_on, born)


def looked_after_at(said: bool | None, by_periods: bool | None) -> bool | None:
    """Whether the child was looked after on the day of the referral: a period that holds the day
    says so, whatever the source said; else the source does, and then that no period holds it."""
    return True if by_periods else by_periods if said is None else said


def came_within_a_year(previous: Previous, received_on: date) -> bool:
    """Whether a referral of that day came within twelve months of the one before it."""
    return previous.received_on > _a_year_before(received_on)


def _a_year_before(day: date) -> date:
    """The same day a year earlier, 28 February before a 29th."""
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


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
    if given.screening is not None:
        yield from faults_of_screening(given.screening, today)
    if given.child is not None:
        yield from _faults_of_child(given.child, given.received_on, today)
        if given.received_on <= today:
            yield from faults_of_age(given.child.details.date_of_birth, given)


def faults_for_known(known: Details, given: GivenReferral) -> Iterator[FieldError]:
    """What is wrong with a referral beside what is known of the child, however the child was
    found."""
    sure = not known.date_of_birth_estimated and known.expected_on is None
    if sure and known.date_of_birth is not None and known.date_of_birth > given.received_on:
        yield FieldError(
            "/received_on", "before_birth", "Write a day on or after this child's date of birth."
        )
    yield from faults_of_age(known.date_of_birth, given)


def faults_of_age(born: date | None, given: GivenReferral) -> Iterator[FieldError]:
    """Whoever was 18 or over on the day is referred with a reason."""
    age = age_at(given.received_on, born)
    if age is not None and age >= ADULT and given.over_18_reason is None:
        yield FieldError(
            "/over_18_reason",
            "missing",
            "The person was 18 or over on the day of the referral: write why it is made.",
        )


def _faults_of_child(child: GivenChild, received_on: date, today: date) -> Iterator[FieldError]:
    details = child.details
    born, at = details.date_of_birth, "/child/date_of_birth"
    if born is not None and born > today:
        yield FieldError(at, "in_the_future", "Write a date of birth that is not in the future.")
    elif born is not None and born > received_on and details.expected_on is None:
        yield FieldError(
            at,
            "after_received_on",
            "Write a date of birth on or before received_on; for a child referred unborn, give "
            "expected_on too.",
        )
    if born is None and details.date_of_birth_estimated:
        yield FieldError(
            "/child/date_of_birth_estimated",
            "nothing_estimated",
            "Give the date of birth that is estimated, or leave this out.",
        )
    if details.expected_on is not None:
        unborn = born is None or born > received_on
        yield from _faults_of_expected(details.expected_on, received_on, unborn=unborn)


def _faults_of_expected(
    expected_on: date, received_on: date, *, unborn: bool
) -> Iterator[FieldError]:
    if expected_on > received_on + timedelta(weeks=MOST_WEEKS_AHEAD):
        yield FieldError(
            "/child/expected_on",
            "too_late",
            f"Write a day at most {MOST_WEEKS_AHEAD} weeks after received_on.",
        )
    elif unborn and expected_on < received_on - timedelta(weeks=MOST_WEEKS_OVERDUE):
        yield FieldError(
            "/child/expected_on",
            "too_early",
            f"Write a day at most {MOST_WEEKS_OVERDUE} weeks before received_on, or give the date "
            "of birth.",
        )
