"""Whose child: three teams and a restricted child, over every read, list and command."""

from typing import Any

import pytest

from shared.domain.access import Sight
from tests.services.referrals.support import Referrals, child, counted, move, referral, urn

NORTH = Sight(teams=frozenset({"north"}))
NORTH_AND_SOUTH = Sight(teams=frozenset({"north", "south"}))
NORTH_CLEARED = Sight(teams=frozenset({"north"}), clearances=frozenset({"restricted"}))
EVERY_TEAM = Sight(teams=None)
NO_TEAM = Sight()

CHILDREN: dict[str, dict[str, Any]] = {
    "north": {"team": "north"},
    "south": {"team": "south"},
    "west": {"team": "west"},
    "north restricted": {"team": "north", "restricted": True},
    "front door": {},
}

SEEN = [
    (NORTH, ["north", "front door"]),
    (NORTH_AND_SOUTH, ["north", "south", "front door"]),
    (NORTH_CLEARED, ["north", "north restricted", "front door"]),
    (EVERY_TEAM, ["north", "south", "west", "front door"]),
    (NO_TEAM, ["front door"]),
]


@pytest.fixture
def received(referrals: Referrals) -> dict[str, dict[str, Any]]:
    return {
        name: referrals.received(child=child(identifiers=[urn(f"14/{number}")], access=access))
        for number, (name, access) in enumerate(CHILDREN.items())
    }


@pytest.mark.parametrize(("sight", "names"), SEEN)
def test_a_list_has_the_referrals_of_the_children_in_sight(
    referrals: Referrals, received: dict[str, dict[str, Any]], sight: Sight, names: list[str]
) -> None:
    caller = referrals.worker(sight=sight)
    found = {item["id"] for item in caller.get("/v1/referrals").json()["items"]}
    assert found == {received[name]["id"] for name in names}


@pytest.mark.parametrize(("sight", "names"), SEEN)
def test_what_is_out_of_sight_is_not_found(
    referrals: Referrals, received: dict[str, dict[str, Any]], sight: Sight, names: list[str]
) -> None:
    caller = referrals.worker(sight=sight)
    before = counted(referrals, "journal")
    for name, answer in received.items():
        paths = (
            f"/v1/referrals/{answer['id']}",
            f"/v1/referrals/{answer['id']}/history",
            f"/v1/children/{answer['child_id']}",
        )
        status = 200 if name in names else 404
        assert [caller.get(path).status_code for path in paths] == [status] * 3
        if name not in names:
            by_id = caller.post("/v1/referrals", json=referral(child_id=answer["child_id"]))
            moved = move(caller, answer["id"], "start_triage")
            assert (by_id.status_code, moved.status_code) == (404, 404)
    assert counted(referrals, "journal") == before


def test_absent_and_out_of_sight_are_answered_in_the_same_words(
    referrals: Referrals, received: dict[str, dict[str, Any]]
) -> None:
    caller = referrals.worker(sight=NORTH)
    nobody = "01890000-0000-7000-8000-000000000000"
    for path, hidden in (
        ("/v1/referrals/{}", received["west"]["id"]),
        ("/v1/children/{}", received["west"]["child_id"]),
    ):
        answers = [caller.get(path.format(which)).json() for which in (nobody, hidden)]
        assert answers[0] | {"request_id": ""} == answers[1] | {"request_id": ""}


def test_a_referral_for_a_child_out_of_sight_is_taken_and_the_child_withheld(
    referrals: Referrals, received: dict[str, dict[str, Any]]
) -> None:
    caller = referrals.worker(sight=NORTH)
    response = caller.post(
        "/v1/referrals",
        json=referral(child=child(identifiers=[urn("14/2")], date_of_birth="2011-01-01")),
    )
    answer = response.json()
    assert response.status_code == 201
    assert (answer["child_id"], answer["differing_details"], answer["allowed"]) == (None, None, [])
    assert received["west"]["child_id"] not in response.text
    assert caller.get(response.headers["Location"]).status_code == 404
    seen = referrals.worker().get(response.headers["Location"]).json()
    assert seen["child_id"] == received["west"]["child_id"]
    assert seen["differing_details"] == ["date_of_birth"]
