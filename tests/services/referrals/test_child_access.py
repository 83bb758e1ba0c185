"""Who may see a child is said by a person, and counts at once wherever a child is met."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from shared.domain.access import Sight
from tests.services.referrals.support import REASON, Referrals, move, urn
from tests.services.referrals.test_feed import told

NAME = {"given_name": "Example", "family_name": "Child"}
SCOPES = (
    "children:read",
    "children:write",
    "children:access",
    "children:merge",
    "children:search",
    "referrals:read",
    "referrals:decide",
    "cases:read",
    "cases:decide",
    "risk:read",
    "risk:review",
    "events:read",
    "reports:read",
)


def person(referrals: Referrals, *teams: str, clearances: tuple[str, ...] = ()) -> TestClient:
    sight = Sight(teams=frozenset(teams), clearances=frozenset(clearances))
    return referrals.client(*SCOPES, sight=sight)


def opened(referrals: Referrals, number: int, **access: Any) -> dict[str, str]:
    """A child with a referral, a case and a review, as everybody who sees the child meets them."""
    everybody = referrals.client(*SCOPES)
    given = {"identifiers": [urn(f"14/{number}")], "access": access, **NAME}
    received = referrals.received(child=given)
    child_id, referral_id = received["child_id"], received["id"]
    for command in ("start_triage", "accept"):
        assert move(everybody, referral_id, command).is_success
    opening = {"referral_id": referral_id, "reason": REASON}
    case = everybody.post("/v1/cases", json=opening).json()["id"]
    look = {"score_id": None, "note": REASON}
    assert everybody.post(f"/v1/children/{child_id}/reviews", json=look).is_success
    return {"child": child_id, "referral": referral_id, "case": case}


def seen_everywhere(caller: TestClient) -> list[set[str]]:
    """Whom a caller meets: in every list, among candidates, in events."""
    lists = (
        "/v1/referrals",
        "/v1/referrals?updated_since=beginning",
        "/v1/referrals?worker=p-0007",
        "/v1/cases",
        "/v1/risk-list",
    )
    found = [{each["child_id"] for each in caller.get(path).json()["items"]} for path in lists]
    candidates = caller.post("/v1/children/search", json=NAME).json()["items"]
    found.append({each["child_id"] for each in candidates})
    events = caller.get("/internal/consumer-events?after=0").json()["events"]
    found.append({each["child_id"] for each in events if each["child_id"]})
    return found


def reads(caller: TestClient, opened: dict[str, str]) -> set[int]:
    """The statuses of every single read about a child."""
    paths = [
        f"/v1/children/{opened['child']}",
        *(f"/v1/children/{opened['child']}/{each}" for each in ("history", "merges", "reviews")),
        f"/v1/referrals/{opened['referral']}",
        f"/v1/referrals/{opened['referral']}/history",
        f"/v1/referrals/{opened['referral']}/allocations",
        f"/v1/referrals/{opened['referral']}/screenings",
        f"/v1/referrals/{opened['referral']}/transitions",
        f"/v1/cases/{opened['case']}",
        f"/v1/cases/{opened['case']}/history",
        f"/v1/cases/{opened['case']}/records",
    ]
    return {caller.get(path).status_code for path in paths}


def counts(caller: TestClient) -> list[int]:
    """How many children a caller is told of in every count."""
    total = caller.get("/v1/reports/scrutiny?period=2026-27").json()["year"]["total"]
    caseloads = caller.get("/v1/caseloads").json()["items"]
    return [
        caller.get("/v1/risk-list/counts").json()["children"],
        0 if total == "not available" else total,
        sum(each["referrals"] for each in caseloads),
    ]


def refusals(caller: TestClient, opened: dict[str, str]) -> set[int]:
    """What a caller is answered who names a revision of what they may not see, right or wrong."""
    edit, move_on = {"sex": "F"}, {"command": "withdraw", "reason": REASON}
    asked = (
        ("PATCH", f"/v1/children/{opened['child']}", edit),
        ("POST", f"/v1/referrals/{opened['referral']}/transitions", move_on),
    )
    return {
        caller.request(method, path, json=body, headers={"If-Match": tag}).status_code
        for method, path, body in asked
        for tag in ('"1"', '"2"', '"3"', '"9"')
    }


def say(
    caller: TestClient, child_id: str, *, tag: str | None = None, **access: Any
) -> httpx2.Response:
    facts = {"team": None, "restricted": False, "staff_relative": False, "reason": REASON}
    path = f"/v1/children/{child_id}"
    read = tag or caller.get(path).headers.get("ETag") or '"1"'
    body = {**facts, **access}
    return caller.put(f"{path}/access", json=body, headers={"If-Match": read})


def test_three_teams_and_a_restricted_child_over_every_read_list_candidate_and_event(
    referrals: Referrals,
) -> None:
    every = [opened(referrals, n, team=team) for n, team in enumerate(("north", "south", "west"))]
    north, south, _west = every
    hidden = opened(referrals, 3, team="north", restricted=True)
    every.append(hidden)
    for each in every:
        assert referrals.move(each["referral"], "allocate").is_success

    def check(caller: TestClient, *whom: dict[str, str]) -> None:
        assert seen_everywhere(caller) == [{each["child"] for each in whom}] * 7
        assert counts(caller) == [len(whom)] * 3
        for each in every:
            assert reads(caller, each) == {200 if each in whom else 404}
            if each not in whom:
                assert refusals(caller, each) == {404}

    in_north, in_south = person(referrals, "north"), person(referrals, "south")
    cleared = person(referrals, "north", "south", clearances=("restricted",))
    check(in_north, north)
    check(in_south, south)
    check(cleared, north, south, hidden)

    # A child moves to another team, and another one is restricted: at once, for everybody.
    assert say(in_south, south["child"], team="north").status_code == 200
    assert say(in_north, north["child"], team="north", restricted=True).status_code == 200
    check(in_north, south)
    check(in_south)
    check(cleared, north, south, hidden)
    # Only who sees a restricted child may lift that.
    assert say(in_north, hidden["child"]).status_code == 404
    lifted = say(cleared, hidden["child"], team="north")
    assert lifted.json() == {
        "child_id": hidden["child"],
        "team": "north",
        "restricted": False,
        "staff_relative": False,
        "revision": 2,
    }
    check(in_north, south, hidden)


def test_who_sees_a_child_is_a_persons_word_with_a_reason_and_a_history(
    referrals: Referrals,
) -> None:
    child_id = opened(referrals, 1, team="north")["child"]
    caller = referrals.client(*SCOPES)
    machine = referrals.client(*SCOPES, kind="machine", person_id=None)
    without = {"team": None, "restricted": True, "staff_relative": False, "reason": REASON}
    path = f"/v1/children/{child_id}/access"
    for answer, status, code in (
        (say(machine, child_id), 403, "person_required"),
        (say(referrals.client("children:read"), child_id), 403, "insufficient_scope"),
        (say(caller, child_id, reason="short"), 422, "invalid_request"),
        (say(caller, child_id, restricted=None), 422, "invalid_request"),
        (say(caller, child_id, tag='"7"'), 412, "changed_meanwhile"),
        (caller.put(path, json=without), 428, "precondition_required"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert say(caller, child_id, team="south", staff_relative=True).headers["ETag"] == '"2"'
    step = caller.get(f"/v1/children/{child_id}/history").json()["items"][0]
    assert (step["by"], step["reason"]) == ("p-test", REASON)
    assert step["changes"] == [
        {"field": "team", "from": "north", "to": "south"},
        {"field": "staff_relative", "from": False, "to": True},
    ]
    last = told(referrals)[-1]["data"]
    assert (last["team"], last["restricted"], last["staff_relative"]) == ("south", False, True)


def test_children_of_two_teams_are_merged_once_a_person_has_said_whose_they_are(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    old, new = (
        opened(referrals, n, team=team)["child"] for n, team in ((1, "north"), (2, "south"))
    )
    merge = {"survivor_id": new, "reason": REASON}
    refused = caller.post(f"/v1/children/{old}/merge", json=merge)
    assert (refused.status_code, refused.json()["code"]) == (409, "teams_differ")
    assert say(caller, old, team="south").status_code == 200
    assert caller.post(f"/v1/children/{old}/merge", json=merge).status_code == 201
    # What is said of the whole counts for each record, and stays with it.
    assert say(caller, new, team="west", restricted=True).status_code == 200
    assert caller.post(f"/v1/children/{old}/unmerge", json={"reason": REASON}).status_code == 201
    for child_id in (old, new):
        access = caller.get(f"/v1/children/{child_id}").json()["access"]
        assert access == {"team": "west", "restricted": True, "staff_relative": False}


@pytest.mark.parametrize("clearance", ["restricted", "staff_relative"])
def test_whoever_hides_a_child_from_themselves_is_told_that_it_is_done(
    referrals: Referrals, clearance: str
) -> None:
    child_id = opened(referrals, 1, team="north")["child"]
    caller, access = person(referrals, "north"), dict[str, Any]({clearance: True})
    assert say(caller, child_id, team="north", **access).status_code == 200
    assert caller.get(f"/v1/children/{child_id}").status_code == 404
    cleared = person(referrals, "north", clearances=(clearance,))
    assert cleared.get(f"/v1/children/{child_id}").status_code == 200
