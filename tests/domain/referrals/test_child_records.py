"""Two records of one child: what holds for the child, and what is there again when they part."""

from datetime import date
from uuid import UUID

import pytest

from services.referrals.domain.child import Child, Details, GivenChild, Identifier, meet
from services.referrals.domain.child_records import (
    NotMergedError,
    Records,
    TeamsDifferError,
    merge,
    unmerge,
)
from services.referrals.domain.codes import Ethnicity, Sex
from shared.domain.access import AccessFacts
from shared.domain.identifiers import IdentifierType

BORN, OTHER = date(2012, 1, 1), date(2012, 10, 1)
NORTH, SOUTH = AccessFacts("north"), AccessFacts("south")


def alone(
    number: int, details: Details | None = None, access: AccessFacts | None = None
) -> Records:
    return Records(
        Child(
            UUID(f"01890000-0000-7000-8000-00000000000{number}"),
            frozenset({Identifier(IdentifierType.POLICE_URN, f"14/{number}")}),
            details or Details(),
            access or AccessFacts(),
        )
    )


@pytest.mark.parametrize(
    ("survivor", "merged", "holds"),
    [
        (Details("Example", "Child"), Details("Sample", None), Details("Example", "Child")),
        (Details("Example"), Details(None, "Child"), Details("Example", "Child")),
        (Details(), Details(date_of_birth=BORN), Details(date_of_birth=BORN)),
        (Details(date_of_birth=BORN), Details(date_of_birth=OTHER), Details(date_of_birth=BORN)),
        # What is exact is better than what is estimated, an answer better than none.
        (
            Details(date_of_birth=BORN, date_of_birth_estimated=True),
            Details(date_of_birth=OTHER),
            Details(date_of_birth=OTHER),
        ),
        (Details(sex=Sex.UNKNOWN), Details(sex=Sex.FEMALE), Details(sex=Sex.FEMALE)),
        (
            Details(ethnicity=Ethnicity.NOT_YET_OBTAINED),
            Details(ethnicity=Ethnicity.INDIAN),
            Details(ethnicity=Ethnicity.INDIAN),
        ),
    ],
)
def test_the_survivor_is_believed_and_what_it_lacks_comes_from_the_other(
    survivor: Details, merged: Details, holds: Details
) -> None:
    one = merge(alone(1, merged), alone(2, survivor))
    assert one.details == holds
    assert {each.value for each in one.identifiers} == {"14/1", "14/2"}


@pytest.mark.parametrize(
    ("child", "survivor", "holds"),
    [
        (AccessFacts(), AccessFacts(), AccessFacts()),
        (NORTH, AccessFacts(), NORTH),
        (AccessFacts(), NORTH, NORTH),
        (NORTH, NORTH, NORTH),
        (AccessFacts(restricted=True), NORTH, AccessFacts("north", restricted=True)),
        (NORTH, AccessFacts(restricted=True), AccessFacts("north", restricted=True)),
        (AccessFacts(staff_relative=True), NORTH, AccessFacts("north", staff_relative=True)),
        (
            AccessFacts(restricted=True),
            AccessFacts(staff_relative=True),
            AccessFacts(None, restricted=True, staff_relative=True),
        ),
    ],
)
def test_nobody_sees_more_after_a_merge(
    child: AccessFacts, survivor: AccessFacts, holds: AccessFacts
) -> None:
    before = alone(1, access=child), alone(2, access=survivor)
    one = merge(*before)
    assert one.access == holds
    assert unmerge(one, before[0].child_id) == before


def test_children_of_two_teams_are_not_merged() -> None:
    with pytest.raises(TeamsDifferError):
        merge(alone(1, access=NORTH), alone(2, access=SOUTH))
    # Nor does a second team come in by a referral about a record that has none of its own.
    one = merge(alone(1), alone(2, access=NORTH))
    met = meet(one.record(alone(1).child_id), GivenChild(access=SOUTH), one.access.team)
    assert met.differing == {"team": "south"}
    assert met.child.access == AccessFacts()


def test_a_chain_of_merges_leads_to_the_last_and_is_parted_link_by_link() -> None:
    first, second, third, fourth = (alone(number) for number in (1, 2, 3, 4))
    pair = merge(first, second)
    whole = merge(merge(pair, third), fourth)
    assert whole.child_id == fourth.child_id
    assert {each.survivor_id for each in whole.merged} == {fourth.child_id}

    assert unmerge(whole, third.child_id) == (merge(pair, third), fourth)
    assert unmerge(whole, second.child_id) == (pair, merge(third, fourth))
    only, left = unmerge(whole, first.child_id)
    assert only == first
    assert left == merge(merge(second, third), fourth)


def test_what_stands_by_itself_is_not_parted() -> None:
    with pytest.raises(NotMergedError):
        unmerge(merge(alone(1), alone(2)), alone(2).child_id)


def test_what_came_in_since_stays_with_the_record_it_was_said_of() -> None:
    one = merge(alone(1), alone(2))
    told = GivenChild(details=Details("Example"), access=AccessFacts(restricted=True))
    one = one.with_record(meet(one.record(alone(1).child_id), told).child)
    assert one.access.restricted
    assert one.details.given_name == "Example"
    parted, left = unmerge(one, alone(1).child_id)
    assert parted == alone(1, told.details, told.access)
    assert left == alone(2)
