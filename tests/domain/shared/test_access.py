"""Whose child: every combination of team, restriction and clearance."""

import pytest

from shared.domain.access import AccessFacts, Sight, may_see

EVERYWHERE = Sight(teams=None)
NORTH = Sight(teams=frozenset({"north"}))
NORTH_CLEARED = Sight(teams=frozenset({"north"}), clearances=frozenset({"restricted"}))


@pytest.mark.parametrize(
    ("sight", "facts", "seen"),
    [
        (Sight(), AccessFacts(), True),
        (NORTH, AccessFacts(team="north"), True),
        (NORTH, AccessFacts(team="south"), False),
        (EVERYWHERE, AccessFacts(team="south"), True),
        (Sight(), AccessFacts(team="north"), False),
        (EVERYWHERE, AccessFacts(restricted=True), False),
        (NORTH_CLEARED, AccessFacts(team="north", restricted=True), True),
        (NORTH_CLEARED, AccessFacts(team="south", restricted=True), False),
        (NORTH_CLEARED, AccessFacts(staff_relative=True), False),
        (Sight(clearances=frozenset({"staff_relative"})), AccessFacts(staff_relative=True), True),
    ],
)
def test_a_child_is_seen_by_the_team_and_by_who_is_cleared(
    sight: Sight, facts: AccessFacts, seen: bool
) -> None:
    assert may_see(sight, facts) is seen
