"""Taking a referral in: the days around today, and which child it names."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.child import Details, GivenChild
from services.referrals.domain.referral import (
    GivenReferral,
    ReferralSource,
    ReferralType,
    faults,
)

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
