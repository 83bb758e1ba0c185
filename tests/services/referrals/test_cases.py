"""Cases over HTTP: opened, worked in, stepped down by two people, closed, reopened."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from shared.domain.access import Sight
from shared.storage.database import write_transaction
from tests.services.referrals.support import REASON, Referrals, child, counted, urn

SCOPES = ("cases:read", "cases:write", "cases:decide")
NOBODY = "01890000-0000-7000-8000-000000000000"
CONTACT: dict[str, Any] = {
    "on": "2026-06-01",
    "kind": "walk",
    "attendance": "chose_not_to",
    "by": "p-test",
}
ACTION: dict[str, Any] = {
    "on": "2026-06-01",
    "what": "Ask the school for a quiet room.",
    "owner": "p-test",
    "agency": "education",
    "due_on": "2026-06-08",
    "priority": "high",
}
HEALTH: dict[str, Any] = {
    "on": "2026-06-01",
    "kind": "sarc_support",
    "attendance": "attended",
    "by": "p-nurse",
    "note": "A note for the nurse alone.",
}


CHILDREN: dict[str, dict[str, Any]] = {
    "north": {"team": "north"},
    "south": {"team": "south"},
    "west": {"team": "west"},
    "hidden": {"team": "north", "restricted": True},
}


def worker(referrals: Referrals, name: str = "p-test", *more: str, **facts: Any) -> TestClient:
    return referrals.client(*SCOPES, *more, person_id=name, client_id=name, **facts)


def opened(referrals: Referrals, number: str = "14/1", **access: Any) -> str:
    referral = referrals.received(child=child(identifiers=[urn(number)], access=access))["id"]
    for command in ("start_triage", "accept"):
        assert referrals.move(referral, command).status_code == 201
    answer = worker(referrals).post("/v1/cases", json={"referral_id": referral, "reason": REASON})
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def step(caller: TestClient, place: str, command: str, **given: Any) -> Any:
    proposal = {"next_check_on": "2026-06-29", "score_id": None}
    takes: dict[str, dict[str, Any]] = {
        "activate": {"score_id": None},
        "propose_step_down": proposal,
        "propose_closure": proposal,
        "propose_transfer": {**proposal, "authority": "Exampleshire"},
    }
    headers = given.pop("headers", {})
    body = {"command": command, "reason": REASON, **takes.get(command, {}), **given}
    return caller.post(f"{place}/transitions", json=body, headers=headers)


def test_a_case_is_stepped_down_and_closed_by_two_people_after_what_matters_is_done(
    referrals: Referrals,
) -> None:
    place = opened(referrals)
    one, other = worker(referrals, "p-one"), worker(referrals, "p-other")
    assert [step(one, place, each).status_code for each in ("start_assessment", "activate")] == [
        201,
        201,
    ]
    action = one.post(f"{place}/actions", json=ACTION).json()
    shut = step(one, place, "propose_step_down")
    assert (shut.status_code, shut.json()["code"]) == (409, "high_priority_actions_open")
    done = {**ACTION, "state": "done", "outcome": "There is one.", "reason": REASON}
    assert one.post(f"{place}/actions/{action['id']}/corrections", json=done).status_code == 201

    assert step(one, place, "propose_step_down").json()["status"] == "active"
    alone = step(one, place, "step_down")
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_required")
    assert other.get(place).json()["allowed"] == [
        "propose_step_down", "step_down", "propose_transfer",
    ]  # fmt: skip
    down = step(other, place, "step_down").json()
    assert (down["status"], down["next_check_on"]) == ("stepping_down", "2026-06-29")
    assert step(one, place, "close").json()["code"] == "not_proposed"
    assert step(other, place, "propose_closure").status_code == 201
    assert step(one, place, "close").json()["status"] == "closed"

    late = one.post(f"{place}/contacts", json=CONTACT)
    assert (late.status_code, late.json()["code"]) == (409, "case_closed")
    assert step(one, place, "reopen").json()["status"] == "assessing"
    history = one.get(f"{place}/history").json()["items"]
    assert [(each["command"], each["by"], each["proposed_by"]) for each in history] == [
        ("open", "p-test", None),
        ("start_assessment", "p-one", None),
        ("activate", "p-one", None),
        ("propose_step_down", "p-one", None),
        ("step_down", "p-other", "p-one"),
        ("propose_closure", "p-other", None),
        ("close", "p-one", "p-other"),
        ("reopen", "p-one", None),
    ]
    assert counted(referrals, "journal", "kind LIKE 'case.%'") == len(history) + 2


def test_whoever_reads_a_case_is_told_what_they_may_do_next_and_why_not_the_rest(
    referrals: Referrals,
) -> None:
    place, one, other = opened(referrals), worker(referrals, "p-one"), worker(referrals, "p-other")
    for command in ("start_assessment", "propose_closure"):
        assert step(one, place, command).is_success
    one.post(f"{place}/actions", json=ACTION)
    proposer, colleague, reader = (
        {each["command"]: each["why_not"] and each["why_not"]["code"] for each in
         caller.get(f"{place}/transitions").json()["items"]}
        for caller in (one, other, referrals.client("cases:read"))
    )  # fmt: skip
    expected = dict.fromkeys(proposer, "illegal_transition") | {
        "activate": None,
        "propose_transfer": None,
        "propose_closure": "high_priority_actions_open",
        "close": "high_priority_actions_open",
        "transfer": "not_proposed",
    }
    assert proposer == colleague == expected
    assert set(reader.values()) == {"insufficient_scope"}
    read = other.get(f"{place}/transitions")
    assert (read.headers["ETag"], read.json()["status"]) == ('"3"', "assessing")
    shown = {each["command"]: each for each in read.json()["items"]}["step_down"]
    assert (shown["to"], shown["why_not"]["possible_in"]) == (None, ["active"])


def test_a_case_goes_to_another_authority(referrals: Referrals) -> None:
    place = opened(referrals)
    assert step(worker(referrals, "p-one"), place, "propose_transfer").json()["authority"] is None
    gone = step(worker(referrals, "p-two"), place, "transfer").json()
    assert (gone["status"], gone["authority"]) == ("closed", "Exampleshire")


def test_a_case_follows_from_an_accepted_referral_once_and_by_a_person(
    referrals: Referrals,
) -> None:
    referral = referrals.received()["id"]
    body = {"referral_id": referral, "reason": REASON}
    caller = worker(referrals)
    assert caller.post("/v1/cases", json=body).json()["code"] == "referral_not_accepted"
    for command in ("start_triage", "accept"):
        referrals.move(referral, command)
    machine = referrals.client(*SCOPES, kind="machine", person_id=None)
    assert machine.post("/v1/cases", json=body).json()["code"] == "person_required"
    key = {"Idempotency-Key": "key-00000001"}
    first, again = (caller.post("/v1/cases", json=body, headers=key) for _ in range(2))
    assert (first.status_code, again.json()) == (201, first.json())
    assert caller.post("/v1/cases", json=body).json()["code"] == "case_exists"
    assert counted(referrals, "child_case") == 1


def test_a_contact_is_corrected_by_a_row_of_its_own(referrals: Referrals) -> None:
    place = opened(referrals)
    caller = worker(referrals)
    first = caller.post(f"{place}/contacts", json=CONTACT).json()
    body = {**CONTACT, "attendance": "attended", "reason": REASON}
    where = f"{place}/contacts/{first['id']}/corrections"
    answers = [caller.post(where, json=body, headers={"If-Match": '"1"'}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 412]
    (now,) = caller.get(f"{place}/records?kind=contact").json()["items"]
    assert (now["revision"], now["content"]["attendance"]) == (2, "attended")
    rows = caller.get(f"{place}/records/{first['id']}").json()["items"]
    assert [row["content"]["attendance"] for row in rows] == ["chose_not_to", "attended"]


def test_the_days_of_a_record_fit_together(referrals: Referrals) -> None:
    place, caller = opened(referrals), worker(referrals)
    contact = {**CONTACT, "at": "2026-05-31T15:30:00Z"}
    action = {**ACTION, "due_on": "2026-05-31", "plan_id": NOBODY}
    answers = [caller.post(f"{place}/{kind}", json=body) for kind, body in
               (("contacts", contact), ("actions", action))]  # fmt: skip
    told = [[each["pointer"] for each in answer.json()["errors"]] for answer in answers]
    assert told == [["/at"], ["/due_on", "/plan_id"]]


def test_in_a_closed_case_nothing_becomes_to_be_done_again(referrals: Referrals) -> None:
    place, caller = opened(referrals), worker(referrals)
    done = {**ACTION, "state": "done", "outcome": "There is one."}
    ended, left = (caller.post(f"{place}/actions", json=each).json()["id"] for each in
                   (done, {**ACTION, "priority": "low"}))  # fmt: skip
    for person, command in (("p-one", "propose_transfer"), ("p-two", "transfer")):
        assert step(worker(referrals, person), place, command).is_success
    corrected = [
        caller.post(f"{place}/actions/{which}/corrections", json={**body, "reason": REASON})
        for which, body in ((ended, ACTION), (ended, done), (left, ACTION), (left, done))
    ]
    assert [each.status_code for each in corrected] == [409, 201, 201, 201]
    assert corrected[0].json()["code"] == "case_closed"


def test_records_are_listed_page_by_page(referrals: Referrals) -> None:
    place = opened(referrals)
    caller = worker(referrals)
    sent = [caller.post(f"{place}/contacts", json=CONTACT).json()["id"] for _ in range(3)]
    page = caller.get(f"{place}/records?limit=2&kind=contact")
    rest = caller.get(page.links["next"]["url"])
    found = [each["id"] for answer in (page, rest) for each in answer.json()["items"]]
    assert found == sent[::-1]
    assert "next" not in rest.links


def test_health_is_in_no_other_list_and_said_to_be_withheld(referrals: Referrals) -> None:
    place = opened(referrals)
    nurse = worker(referrals, "p-nurse", "health:read", "health:write")
    others = worker(referrals)
    assert others.get(place).json()["withheld"] == []
    record = nurse.post(f"{place}/health", json=HEALTH).json()["id"]
    assert (others.get(place).json()["withheld"], nurse.get(place).json()["withheld"]) == (
        ["health"],
        [],
    )
    assert others.get(f"{place}/health").status_code == 403
    assert others.post(f"{place}/health", json=HEALTH).status_code == 403
    assert others.get(f"{place}/records").json()["items"] == []
    assert others.get(f"{place}/records?kind=health").json()["items"] == []
    assert others.get(f"{place}/records/{record}").status_code == 404
    body = {**CONTACT, "reason": REASON}
    assert others.post(f"{place}/contacts/{record}/corrections", json=body).status_code == 404
    assert nurse.get(f"{place}/health/{record}").json()["items"][0]["content"]["note"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_contact_at_no_instant_of_ours_is_refused(referrals: Referrals, at: str) -> None:
    path = f"/v1/cases/{NOBODY}/contacts"
    answer = worker(referrals).post(path, json={**CONTACT, "at": at})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "out_of_range")


def test_a_record_of_another_case_is_not_found(referrals: Referrals) -> None:
    one, other = opened(referrals, "14/1"), opened(referrals, "14/2")
    caller = worker(referrals)
    plan = {"on": "2026-06-01", "aims": "Safe ways home.", "review_on": "2026-07-01"}
    record = caller.post(f"{one}/plans", json=plan).json()["id"]
    assert caller.get(f"{one}/records/{record}").status_code == 200
    assert caller.get(f"{other}/records/{record}").status_code == 404
    body = {**plan, "reason": REASON}
    assert caller.post(f"{other}/plans/{record}/corrections", json=body).status_code == 404
    wrong = caller.post(f"{other}/actions", json={**ACTION, "plan_id": record})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "unknown_plan")
    review = {"on": "2026-06-01", "plan_id": record, "summary": "Going well so far."}
    assert caller.post(f"{one}/plan-reviews", json=review).status_code == 201


def test_a_case_out_of_sight_is_not_found_in_any_way(referrals: Referrals) -> None:
    places = {
        name: opened(referrals, f"14/{number}", **access)
        for number, (name, access) in enumerate(CHILDREN.items())
    }
    caller = worker(referrals, "p-n", "health:read", sight=Sight(teams=frozenset({"north"})))
    listed = caller.get("/v1/cases").json()["items"]
    assert [f"/v1/cases/{each['id']}" for each in listed] == [places["north"]]
    before = counted(referrals, "journal")
    for place in (places["south"], places["west"], places["hidden"], f"/v1/cases/{NOBODY}"):
        tails = ("", "/history", "/transitions", "/records", "/health")
        reads = [caller.get(place + tail) for tail in tails]
        writes = [
            step(caller, place, "start_assessment"),
            caller.post(f"{place}/contacts", json=CONTACT),
        ]
        assert {each.status_code for each in (*reads, *writes)} == {404}
    assert counted(referrals, "journal") == before


def test_an_old_revision_moves_nothing(referrals: Referrals) -> None:
    place = opened(referrals)
    caller = worker(referrals)
    tag = {"If-Match": caller.get(place).headers["ETag"]}
    first = step(caller, place, "start_assessment", headers=tag)
    second = step(caller, place, "activate", headers=tag)
    assert (first.status_code, second.status_code) == (201, 412)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE case_record SET on_day = '2020-01-01'",
        "DELETE FROM case_history",
        "UPDATE child_case SET status = 'closed'",
        "INSERT INTO case_history SELECT case_id, 2, referral_id, opened_at, 'close', 'active',"
        " 'closed', 'c', 'p-1', 'Twenty characters or more.', NULL, NULL, 'p-1', NULL, NULL"
        " FROM child_case",
    ],
)
def test_what_must_never_be_the_database_refuses(referrals: Referrals, statement: str) -> None:
    place = opened(referrals)
    worker(referrals).post(f"{place}/contacts", json=CONTACT)
    with (
        pytest.raises(DBAPIError),
        write_transaction(referrals.service.database.engine) as connection,
    ):
        connection.execute(text(statement))
