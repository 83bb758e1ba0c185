"""Taking a referral in: the days around today, and which child it names."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.child import Details, GivenChild
from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.referral import (
    GivenReferral,
    Previous,
    ReferralType,
    came_within_a_year,
    faults,
    faults_for_known,
    looked_after_at,
)

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
CHILD_ID = UUID("01890000-0000-7000-8000-000000000001")


def found(
    received_on: date = TODAY,
    child_id: UUID | None = None,
    child: GivenChild | None = None,
    over_18_reason: str | None = None,
) -> list[tuple[str, str]]:
    given = GivenReferral(
        ReferralType.CSE,
        ReferralSource.SCHOOLS,
        received_on,
        child_id=child_id,
        child=child,
        over_18_reason=over_18_reason,
    )
    return [(error.pointer, error.code) for error in faults(given, TODAY)]


@pytest.mark.parametrize(
    ("received_on", "errors"),
    [
        (TODAY - DAY, []),
        (TODAY, []),
        (TODAY + DAY, [("/received_on", "in_the_future")]),
    ],
)
def test_a_referral_is_not_received_in_the_future(
    received_on: date, errors: list[tuple[str, str]]
) -> None:
    assert found(received_on, child_id=CHILD_ID) == errors


@pytest.mark.parametrize(
    ("born", "errors"),
    [
        (TODAY - 3 * DAY, []),
        (TODAY - 2 * DAY, []),
        (TODAY - DAY, [("/child/date_of_birth", "after_received_on")]),
        (TODAY, [("/child/date_of_birth", "after_received_on")]),
        (TODAY + DAY, [("/child/date_of_birth", "in_the_future")]),
    ],
)
def test_a_child_is_born_by_the_day_of_the_referral(
    born: date, errors: list[tuple[str, str]]
) -> None:
    child = GivenChild(details=Details(date_of_birth=born))
    assert found(TODAY - 2 * DAY, child=child) == errors


WEEK = timedelta(weeks=1)


@pytest.mark.parametrize(
    ("expected_on", "born", "errors"),
    [
        # Not born as far as the sender knows.
        (TODAY - 4 * WEEK - DAY, None, [("/child/expected_on", "too_early")]),
        (TODAY - 4 * WEEK, None, []),
        (TODAY + 44 * WEEK, None, []),
        (TODAY + 44 * WEEK + DAY, None, [("/child/expected_on", "too_late")]),
        # Born since, or long ago: what was expected then still stands beside it.
        (TODAY - 2 * DAY, TODAY, []),
        (TODAY - 300 * WEEK, TODAY - 299 * WEEK, []),
        (TODAY, TODAY + 9 * DAY, [("/child/date_of_birth", "in_the_future")]),
    ],
)
def test_a_child_referred_unborn_is_expected_around_the_day_of_the_referral(
    expected_on: date, born: date | None, errors: list[tuple[str, str]]
) -> None:
    child = GivenChild(details=Details(date_of_birth=born, expected_on=expected_on))
    assert found(TODAY, child=child) == errors


def test_a_child_referred_unborn_may_have_been_born_since() -> None:
    child = GivenChild(details=Details(date_of_birth=TODAY, expected_on=TODAY - DAY))
    assert found(TODAY - 9 * DAY, child=child) == []


@pytest.mark.parametrize(
    ("known", "errors"),
    [
        (Details(date_of_birth=TODAY), []),
        (Details(date_of_birth=TODAY + DAY), [("/received_on", "before_birth")]),
        (Details(date_of_birth=TODAY + DAY, date_of_birth_estimated=True), []),
        (Details(date_of_birth=TODAY + DAY, expected_on=TODAY + WEEK), []),
        (Details(), []),
    ],
)
def test_a_known_child_is_born_by_the_day_of_the_referral_unless_referred_unborn(
    known: Details, errors: list[tuple[str, str]]
) -> None:
    given = GivenReferral(ReferralType.CSE, ReferralSource.SCHOOLS, TODAY, child_id=CHILD_ID)
    assert [(e.pointer, e.code) for e in faults_for_known(known, given)] == errors


def test_a_referral_names_exactly_one_child() -> None:
    assert found(child_id=CHILD_ID) == found(child=GivenChild()) == []
    assert found() == [("/child", "missing")]
    assert found(child_id=CHILD_ID, child=GivenChild()) == [("/child", "one_too_many")]


def test_only_a_date_that_is_given_can_be_estimated() -> None:
    child = GivenChild(details=Details(date_of_birth_estimated=True))
    assert found(child=child) == [("/child/date_of_birth_estimated", "nothing_estimated")]


def test_every_fault_is_named_at_once() -> None:
    child = GivenChild(details=Details(date_of_birth=TODAY + DAY))
    assert found(TODAY + DAY, CHILD_ID, child) == [
        ("/child", "one_too_many"),
        ("/received_on", "in_the_future"),
        ("/child/date_of_birth", "in_the_future"),
    ]


MISSING_REASON = [("/over_18_reason", "missing")]


@pytest.mark.parametrize(
    ("born", "reason", "errors"),
    [
        ("2008-06-02", None, []),
        ("2008-06-01", None, MISSING_REASON),
        ("2008-05-31", None, MISSING_REASON),
        ("2008-06-01", "Known since fifteen, and still in danger.", []),
        ("2012-06-01", "Known since fifteen, and still in danger.", []),
        (None, None, []),
    ],
)
def test_whoever_is_18_on_the_day_is_referred_with_a_reason(
    born: str | None, reason: str | None, errors: list[tuple[str, str]]
) -> None:
    details = Details(date_of_birth=None if born is None else date.fromisoformat(born))
    assert found(child=GivenChild(details=details), over_18_reason=reason) == errors
    given = GivenReferral(
        ReferralType.CSE, ReferralSource.SCHOOLS, TODAY, over_18_reason=reason, child_id=CHILD_ID
    )
    assert [(e.pointer, e.code) for e in faults_for_known(details, given)] == errors


@pytest.mark.parametrize(
    ("said", "by_periods", "known"),
    [
        (None, None, None),
        (True, None, True),
        (False, None, False),
        (None, True, True),
        (None, False, False),
        # A period that holds the day outweighs what the sender believed; the lack of one doesn't.
        (False, True, True),
        (True, False, True),
        (True, True, True),
        (False, False, False),
    ],
)
def test_looked_after_at_the_referral_is_what_the_periods_say_else_the_sender(
    said: bool | None, by_periods: bool | None, known: bool | None
) -> None:
    assert looked_after_at(said, by_periods) is known


@pytest.mark.parametrize(
    ("before", "received_on", "recent"),
    [
        ("2026-06-01", "2026-06-01", True),
        ("2025-06-02", "2026-06-01", True),
        ("2025-06-01", "2026-06-01", False),
        ("2024-06-01", "2026-06-01", False),
        # Twelve months before 29 February are reached on 28 February.
        ("2023-03-01", "2024-02-29", True),
        ("2023-02-28", "2024-02-29", False),
        # From one financial year into the next.
        ("2025-04-01", "2026-03-31", True),
        ("2025-03-31", "2026-03-31", False),
    ],
)
def test_a_referral_within_twelve_months_of_another_is_a_re_referral(
    before: str, received_on: str, recent: bool
) -> None:
    previous = Previous(CHILD_ID, date.fromisoformat(before))
    assert came_within_a_year(previous, date.fromisoformat(received_on)) is recent
