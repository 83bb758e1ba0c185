"""Triage in full: waiting for information, escalating, duplicates, and what may be done next."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.domain.access import Sight
from tests.services.referrals.support import REASON, Referrals, child, referral, urn


def in_triage(referrals: Referrals, **changes: Any) -> dict[str, Any]:
    received = referrals.received(**changes)
    assert referrals.move(received["id"], "start_triage").is_success
    return received


def test_triage_waits_for_information_and_goes_on(referrals: Referrals) -> None:
    received = in_triage(referrals)
    waiting = referrals.move(received["id"], "request_information").json()
    assert (waiting["status"], waiting["allowed"], waiting["decision"]) == (
        "awaiting_information",
        ["resume_triage", "escalate"],
        None,
    )
    assert referrals.move(received["id"], "accept").status_code == 409
    assert referrals.move(received["id"], "resume_triage").json()["status"] == "in_triage"


def test_an_escalated_child_is_taken_on_and_not_signposted(referrals: Referrals) -> None:
    received = in_triage(referrals)
    escalated = referrals.move(received["id"], "escalate").json()
    assert (escalated["status"], escalated["decision"]["command"]) == ("escalated", "escalate")
    refused = referrals.move(received["id"], "signpost")
    assert (refused.status_code, refused.json()["allowed"]) == (
        409,
        [{"command": "resume_triage", "by": "person"}, {"command": "accept", "by": "person"}],
    )
    assert referrals.move(received["id"], "accept").json()["status"] == "accepted"


def test_a_duplicate_leads_to_the_referral_that_stays(referrals: Referrals) -> None:
    first, second = in_triage(referrals), in_triage(referrals)
    answer = referrals.move(second["id"], "mark_duplicate", duplicate_of=first["id"]).json()
    assert (answer["status"], answer["decision"]["duplicate_of"]) == ("duplicate", first["id"])
    history = referrals.worker().get(f"/v1/referrals/{second['id']}/history").json()["items"]
    assert [item["duplicate_of"] for item in history] == [None, None, first["id"]]
    # Reopened, it is a referral of its own again.
    assert referrals.move(second["id"], "reopen").json()["decision"] is None


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ("itself", "unknown_referral"),
        ("another child", "unknown_referral"),
        ("nothing", "unknown_referral"),
        ("a duplicate", "is_a_duplicate"),
    ],
)
def test_only_another_referral_of_the_same_child_can_stay(
    referrals: Referrals, of: str, code: str
) -> None:
    stays, duplicate, received = (in_triage(referrals) for _ in range(3))
    referrals.move(duplicate["id"], "mark_duplicate", duplicate_of=stays["id"])
    other = in_triage(referrals, child={"identifiers": [urn("14/1")]})
    named = {
        "itself": received["id"],
        "another child": other["id"],
        "nothing": "01890000-0000-7000-8000-000000000000",
        "a duplicate": duplicate["id"],
    }[of]
    response = referrals.move(received["id"], "mark_duplicate", duplicate_of=named)
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [
        ("/duplicate_of", code)
    ]
    # Nor does the one that stays become a duplicate: a chain leads nowhere.
    response = referrals.move(stays["id"], "mark_duplicate", duplicate_of=received["id"])
    assert response.json()["errors"][0]["code"] == "has_duplicates"


def test_the_transitions_show_what_you_may_do_and_why_not_the_rest(referrals: Referrals) -> None:
    received = in_triage(referrals)
    path = f"/v1/referrals/{received['id']}/transitions"
    response = referrals.worker().get(path)
    answer = response.json()
    assert response.headers["ETag"] == '"2"'
    assert (answer["referral_id"], answer["child_id"]) == (received["id"], received["child_id"])
    assert (answer["status"], answer["revision"]) == ("in_triage", 2)
    may = {item["command"]: item["to"] for item in answer["items"] if item["allowed"]}
    assert may == {
        "request_information": "awaiting_information",
        "escalate": "escalated",
        "accept": "accepted",
        "signpost": "signposted",
        "propose_no_further_action": "in_triage",
        "no_further_action": "no_further_action",
        "mark_duplicate": "duplicate",
        "withdraw": "withdrawn",
    }
    others = {item["command"]: item for item in answer["items"]}
    assert others["signpost"]["takes"] == ["reason", "decided_on", "score_id", "to", "service_name"]
    why = others["reopen"]["why_not"]
    assert (why["code"], why["possible_in"]) == (
        "illegal_transition",
        ["signposted", "no_further_action", "duplicate", "withdrawn"],
    )
    assert [name for name, item in others.items() if item["needs_if_match"]] == ["allocate"]


def test_who_may_not_move_a_referral_reads_why(referrals: Referrals) -> None:
    received = in_triage(referrals)
    path = f"/v1/referrals/{received['id']}/transitions"
    machine = referrals.client(
        "referrals:read", "referrals:decide", kind="machine", person_id="p-claimed"
    )
    for caller, code in (
        (referrals.client("referrals:read"), "insufficient_scope"),
        (machine, "person_required"),
    ):
        items = caller.get(path).json()["items"]
        assert {item["why_not"]["code"] for item in items} == {code}
        assert not any(item["allowed"] for item in items)
    hidden = referrals.worker(sight=Sight(teams=frozenset()))
    west = referrals.received(child=child(identifiers=[urn("14/9")], access={"team": "west"}))
    assert hidden.get(f"/v1/referrals/{west['id']}/transitions").status_code == 404


def test_who_allocates_says_what_they_read(referrals: Referrals) -> None:
    received = in_triage(referrals)
    referrals.move(received["id"], "accept")
    for headers in ({}, {"If-Match": "*"}):
        response = referrals.worker().post(
            f"/v1/referrals/{received['id']}/transitions",
            json={"command": "allocate", "reason": REASON, "worker": "p-0007"},
            headers=headers,
        )
        assert (response.status_code, response.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE referral SET status = 'duplicate'",
        "UPDATE referral SET duplicate_of = referral_id",
        "INSERT INTO referral_history (referral_id, revision, entry_id, at, command, from_status,"
        " to_status, client_id, person_id, reason) SELECT referral_id, 3, child_id, recorded_at,"
        " 'mark_duplicate', 'in_triage', 'duplicate', 'test-person', 'p-test',"
        " 'Twenty characters or more.' FROM referral",
    ],
)
def test_the_database_keeps_every_duplicate_with_its_original(
    referrals: Referrals, statement: str
) -> None:
    in_triage(referrals)
    with pytest.raises(DBAPIError), referrals.service.database.engine.begin() as connection:
        connection.execute(text(statement))
    assert referrals.system().post("/v1/referrals", json=referral()).is_success


def test_what_was_referred_under_two_records_of_one_child_belongs_together(
    referrals: Referrals,
) -> None:
    first = in_triage(referrals, child={"identifiers": [urn("14/1")]})
    second = in_triage(referrals, child={"identifiers": [urn("14/2")]})
    assert second["re_referral_of"] is None
    merged = referrals.client("children:read", "children:merge").post(
        f"/v1/children/{first['child_id']}/merge",
        json={"survivor_id": second["child_id"], "reason": REASON},
    )
    assert merged.is_success
    read = referrals.worker().get(f"/v1/referrals/{second['id']}").json()
    assert read["re_referral_of"]["id"] == first["id"]
    again = referrals.received(child={"identifiers": [urn("14/1")]})
    assert again["re_referral_of"]["id"] == second["id"]
    duplicate = referrals.move(second["id"], "mark_duplicate", duplicate_of=first["id"])
    assert duplicate.json()["decision"]["duplicate_of"] == first["id"]
