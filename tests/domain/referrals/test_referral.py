"""Taking a referral in: the days around today, and which child it names."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.child import Child, Details, GivenChild
from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.referral import (
    GivenReferral,
    ReferralType,
    faults,
    faults_for_known,
)
from shared.domain.access import AccessFacts

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
CHILD_ID = UUID("01890000-0000-7000-8000-000000000001")


def found(
    received_on: date = TODAY, child_id: UUID | None = None, child: GivenChild | None = None
) -> list[tuple[str, str]]:
    given = GivenReferral(
        ReferralType.CSE,
        ReferralSource.SCHOOLS,
        received_on,
        child_id=child_id,
        child=child,
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
    child = Child(CHILD_ID, frozenset(), known, AccessFacts())
    assert [(e.pointer, e.code) for e in faults_for_known(child, TODAY)] == errors


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
