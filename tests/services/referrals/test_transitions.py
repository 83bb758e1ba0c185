"""A worker moves a referral on: who, why, and which score they looked at."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.ids import new_id
from tests.services.referrals.support import (
    REASON,
    Referrals,
    counted,
    move,
    rating_changed,
    urn,
)


def in_triage(referrals: Referrals, **changes: Any) -> dict[str, Any]:
    received = referrals.received(**changes)
    assert referrals.move(received["id"], "start_triage").status_code == 201
    return received


def test_a_worker_signposts_to_the_community_youth_team(referrals: Referrals) -> None:
    received = in_triage(referrals)
    score_id = str(new_id())
    referrals.told(rating_changed(received["child_id"], score_id=score_id))
    referrals.clock.forward(minutes=5)
    response = referrals.move(received["id"], "signpost", score_id=score_id)
    assert response.status_code == 201
    assert response.headers["ETag"] == '"3"'
    answer = response.json()
    assert (answer["status"], answer["allowed"]) == ("signposted", ["record_outcome", "reopen"])
    assert answer["decision"] == {
        "command": "signpost",
        "to": "cyt",
        "service_name": None,
        "worker": None,
        "team": None,
        "duplicate_of": None,
        "reason": REASON,
        "decided_by": "p-test",
        "decided_on": "2026-06-01",
        "decided_at": "2026-06-01T09:05:00Z",
        "score_id": score_id,
        "rating_at_decision": {
            "score_id": score_id,
            "model": "seraf",
            "version": "1.0.0",
            "as_of": "2026-06-01",
            "status": "complete",
            "total": "10",
            "band": "category_2",
            "interval": ["10", "65"],
            "band_range": ["category_2", "category_4"],
            "known": 12,
            "indicators": 30,
            "judged_band": None,
            "judgement_id": None,
            "judged_until": None,
        },
    }
    assert referrals.worker().get(f"/v1/referrals/{received['id']}").json() == answer


def test_the_history_tells_everything_from_the_receipt_on(referrals: Referrals) -> None:
    received = in_triage(referrals)
    referrals.move(received["id"], "signpost", to="other", service_name="Example Youth Club")
    answer = referrals.worker().get(f"/v1/referrals/{received['id']}/history").json()
    assert (answer["referral_id"], answer["child_id"]) == (received["id"], received["child_id"])
    told = [
        (item["command"], item["from"], item["to"], item["by"], item["by_person"])
        for item in answer["items"]
    ]
    assert told == [
        ("receive", None, "received", "test-system", False),
        ("start_triage", "received", "in_triage", "p-test", True),
        ("signpost", "in_triage", "signposted", "p-test", True),
    ]
    last = answer["items"][-1]
    assert (last["reason"], last["signposted_to"], last["service_name"], last["score_id"]) == (
        REASON,
        "other",
        "Example Youth Club",
        None,
    )


def test_what_was_in_force_at_the_decision_stays_with_it(referrals: Referrals) -> None:
    received = in_triage(referrals)
    referrals.told(rating_changed(received["child_id"], total="10"))
    referrals.move(received["id"], "accept")
    referrals.told(
        rating_changed(received["child_id"], total="10"),
        rating_changed(received["child_id"], 2, total="16", band="category_4"),
    )
    decision = referrals.worker().get(f"/v1/referrals/{received['id']}").json()["decision"]
    assert decision["score_id"] is None
    assert decision["rating_at_decision"]["total"] == "10"


def test_a_decision_without_any_score_says_so(referrals: Referrals) -> None:
    received = in_triage(referrals)
    decision = referrals.move(received["id"], "no_further_action").json()["decision"]
    assert (decision["score_id"], decision["rating_at_decision"]) == (None, None)


def test_a_decision_that_was_reopened_is_history(referrals: Referrals) -> None:
    received = in_triage(referrals)
    referrals.move(received["id"], "no_further_action")
    answer = referrals.move(received["id"], "reopen").json()
    assert (answer["status"], answer["decision"]) == ("in_triage", None)


def test_an_illegal_command_is_answered_with_what_is_allowed_and_to_whom(
    referrals: Referrals,
) -> None:
    received = referrals.received()
    response = referrals.move(received["id"], "accept")
    problem = response.json()
    assert (response.status_code, problem["code"]) == (409, "illegal_transition")
    assert problem["status"] == 409
    assert problem["now"] == "received"
    assert problem["allowed"] == [{"command": "start_triage", "by": "person"}]


def test_a_machine_moves_nothing(referrals: Referrals) -> None:
    received = in_triage(referrals)
    machine = referrals.client(
        "referrals:read", "referrals:decide", kind="machine", person_id="p-claimed"
    )
    for command in ("start_triage", "accept"):
        response = move(machine, received["id"], command)
        assert (response.status_code, response.json()["code"]) == (403, "person_required")
    assert machine.get(f"/v1/referrals/{received['id']}").json()["allowed"] == []


def test_allowed_names_what_this_caller_may_do_now(referrals: Referrals) -> None:
    path = f"/v1/referrals/{referrals.received()['id']}"
    assert referrals.worker().get(path).json()["allowed"] == ["start_triage"]
    assert referrals.system().get(path).json()["allowed"] == []


def test_deciding_needs_its_scope(referrals: Referrals) -> None:
    received = referrals.received()
    response = move(referrals.client("referrals:read"), received["id"], "start_triage")
    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
    assert response.json()["missing_scopes"] == ["referrals:decide"]


def test_only_a_score_of_this_child_can_have_been_looked_at(referrals: Referrals) -> None:
    received = in_triage(referrals)
    other = referrals.received(child={"identifiers": [urn("14/1")]})
    score_id = str(new_id())
    referrals.told(rating_changed(other["child_id"], score_id=score_id))
    for cited in (score_id, str(new_id())):
        response = referrals.move(received["id"], "accept", score_id=cited)
        assert response.status_code == 422
        assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [
            ("/score_id", "unknown_score")
        ]
        assert cited not in response.text


def test_an_older_score_of_this_child_can_have_been_looked_at(referrals: Referrals) -> None:
    received = in_triage(referrals)
    old = str(new_id())
    referrals.told(
        rating_changed(received["child_id"], score_id=old),
        rating_changed(received["child_id"], 2, total="16"),
    )
    decision = referrals.move(received["id"], "accept", score_id=old).json()["decision"]
    assert (decision["score_id"], decision["rating_at_decision"]["total"]) == (old, "16")


def test_who_names_the_revision_they_read_is_told_if_it_changed(referrals: Referrals) -> None:
    received = referrals.received()
    read = {"If-Match": '"1"'}
    assert referrals.move(received["id"], "start_triage", headers=read).status_code == 201
    response = referrals.move(received["id"], "accept", headers=read)
    assert (response.status_code, response.json()["code"]) == (412, "changed_meanwhile")
    assert referrals.move(received["id"], "accept", headers={"If-Match": '"2"'}).is_success
    assert referrals.move(received["id"], "withdraw", headers={"If-Match": "*"}).is_success


@pytest.mark.parametrize("given", ["2", 'W/"2"', '"two"', '"1", "2"'])
def test_an_if_match_of_another_form_is_refused(referrals: Referrals, given: str) -> None:
    received = referrals.received()
    response = referrals.move(received["id"], "start_triage", headers={"If-Match": given})
    assert response.status_code == 422
    assert [(e["where"], e["pointer"], e["code"]) for e in response.json()["errors"]] == [
        ("header", "/If-Match", "wrong_form")
    ]


def test_what_was_refused_leaves_no_trace(referrals: Referrals) -> None:
    received = referrals.received()
    before = counted(referrals, "journal")
    referrals.move(received["id"], "accept")
    referrals.move(received["id"], "start_triage", headers={"If-Match": '"7"'})
    assert counted(referrals, "referral_history") == 1
    assert counted(referrals, "journal") == before


def test_a_move_stands_in_the_journal_with_its_reason(referrals: Referrals) -> None:
    received = in_triage(referrals)
    response = referrals.move(received["id"], "withdraw")
    with referrals.service.database.reading() as connection:
        rows = connection.execute(
            text("SELECT kind, payload FROM journal NATURAL JOIN journal_payload ORDER BY position")
        ).all()
    assert [row.kind for row in rows] == [
        "child.changed",
        "referral.received",
        "referral.triage_started",
        "referral.withdrawn",
    ]
    assert REASON in rows[-1].payload
    assert response.headers["Amber-Position"] == "referrals:4"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE referral_history SET reason = 'another'",
        "DELETE FROM referral_history",
        "UPDATE referral SET status = 'low_risk'",
        "UPDATE referral SET type = 'csa'",
        "INSERT INTO referral_history (referral_id, revision, entry_id, at, command, from_status,"
        " to_status, client_id) SELECT referral_id, 3, child_id, recorded_at, 'start_triage',"
        " 'received', 'in_triage', 'test-system' FROM referral",
        "INSERT INTO referral_history (referral_id, revision, entry_id, at, command, from_status,"
        " to_status, client_id, person_id) SELECT referral_id, 3, child_id, recorded_at, 'accept',"
        " 'in_triage', 'accepted', 'test-person', 'p-test' FROM referral",
    ],
)
def test_the_database_refuses_what_must_never_be(referrals: Referrals, statement: str) -> None:
    in_triage(referrals)
    with pytest.raises(DBAPIError), referrals.service.database.engine.begin() as connection:
        connection.execute(text(statement))


def test_a_worker_is_given_an_accepted_referral_and_then_another(referrals: Referrals) -> None:
    received = in_triage(referrals)
    referrals.move(received["id"], "accept")
    answer = referrals.move(received["id"], "allocate", worker="p-0007", team="amber").json()
    assert (answer["status"], answer["allowed"]) == ("allocated", ["allocate"])
    assert (answer["decision"]["worker"], answer["decision"]["team"]) == ("p-0007", "amber")
    again = referrals.move(received["id"], "allocate", worker="p-0008").json()
    assert (again["status"], again["decision"]["worker"]) == ("allocated", "p-0008")
    history = referrals.worker().get(f"/v1/referrals/{received['id']}/history").json()["items"]
    assert [item["worker"] for item in history] == [None, None, None, "p-0007", "p-0008"]


def test_what_was_decided_in_the_past_is_recorded_now(referrals: Referrals) -> None:
    received = referrals.received(received_on="2020-05-04")
    referrals.move(received["id"], "start_triage", decided_on="2020-05-05")
    referrals.move(received["id"], "accept", decided_on="2020-05-05")
    answer = referrals.move(received["id"], "allocate", decided_on="2020-05-07").json()
    decision = answer["decision"]
    assert (decision["decided_on"], decision["decided_at"]) == (
        "2020-05-07",
        "2026-06-01T09:00:00Z",
    )
    history = referrals.worker().get(f"/v1/referrals/{received['id']}/history").json()["items"]
    assert [item["decided_on"] for item in history] == [
        "2020-05-04",
        "2020-05-05",
        "2020-05-05",
        "2020-05-07",
    ]
    assert {item["at"] for item in history} == {"2026-06-01T09:00:00Z"}


def test_no_move_lies_before_the_one_before_it_or_in_the_future(referrals: Referrals) -> None:
    received = referrals.received(received_on="2026-05-04")
    for decided_on, code in (
        ("2026-05-03", "before_the_last_move"),
        ("2026-06-02", "in_the_future"),
    ):
        response = referrals.move(received["id"], "start_triage", decided_on=decided_on)
        assert response.status_code == 422
        assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [
            ("/decided_on", code)
        ]
    referrals.move(received["id"], "start_triage", decided_on="2026-05-20")
    response = referrals.move(received["id"], "accept", decided_on="2026-05-19")
    assert response.json()["errors"][0]["code"] == "before_the_last_move"
    assert counted(referrals, "referral_history") == 2


def test_today_is_the_day_in_london(referrals: Referrals) -> None:
    received = referrals.received()
    # Half past midnight on 2 June in London is still 1 June in UTC.
    referrals.clock.now = referrals.clock.now.replace(hour=23, minute=30)
    answer = referrals.move(received["id"], "start_triage", decided_on="2026-06-02")
    assert answer.status_code == 201
