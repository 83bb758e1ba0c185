"""What is known of a child is changed: never against what somebody else wrote, never silently."""

from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.services.referrals.support import REASON, Referrals, child, referral, urn
from tests.services.referrals.test_at_once import at_once
from tests.services.referrals.test_feed import told

SCOPES = ("children:read", "children:write", "children:merge")


def system(referrals: Referrals) -> TestClient:
    return referrals.client(*SCOPES, client_id="test-system", kind="machine", person_id=None)


def known(referrals: Referrals, number: int = 1, **facts: Any) -> str:
    given = {"identifiers": [urn(f"14/{number}")], **facts}
    return str(referrals.received(child=given)["child_id"])


def edit(caller: TestClient, child_id: str, tag: str | None, **given: Any) -> httpx2.Response:
    headers = {} if tag is None else {"If-Match": tag}
    return caller.patch(f"/v1/children/{child_id}", json=given, headers=headers)


def tag_of(caller: TestClient, child_id: str) -> str:
    return str(caller.get(f"/v1/children/{child_id}").headers["ETag"])


def history(caller: TestClient, child_id: str) -> list[Any]:
    answer = caller.get(f"/v1/children/{child_id}/history")
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


def test_every_change_is_history_with_who_when_from_and_to(referrals: Referrals) -> None:
    caller = referrals.client(*SCOPES)
    child_id = known(referrals, date_of_birth="2012-01-01", date_of_birth_estimated=True)
    ethnicity = {"code": "WBRI", "source": "parent_or_carer", "stated_on": "2026-05-30"}
    given = {"date_of_birth": "2012-02-01", "date_of_birth_estimated": False}
    answer = edit(
        caller, child_id, '"1"', **given, ethnicity=ethnicity, disabilities=["LD"], reason=REASON
    )
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"'), answer.text
    assert answer.json() == caller.get(f"/v1/children/{child_id}").json()
    assert {
        **given,
        "ethnicity": "WBRI",
        "ethnicity_source": "parent_or_carer",
        "ethnicity_stated_on": "2026-05-30",
        "disabilities": ["LD"],
    }.items() <= answer.json().items()
    edited, created = history(caller, child_id)
    assert (edited["by"], edited["by_person"], edited["reason"]) == ("p-test", True, REASON)
    assert (edited["at"], edited["record_id"]) == ("2026-06-01T09:00:00Z", child_id)
    assert {each["field"]: (each["from"], each["to"]) for each in edited["changes"]} == {
        "date_of_birth": ("2012-01-01", "2012-02-01"),
        "date_of_birth_estimated": (True, False),
        "ethnicity": (None, "WBRI"),
        "ethnicity_source": (None, "parent_or_carer"),
        "ethnicity_stated_on": (None, "2026-05-30"),
        "disabilities": (None, ["LD"]),
    }
    assert (created["by"], created["by_person"]) == ("test-system", False)
    assert {each["field"] for each in created["changes"]} == {
        "identifiers",
        "date_of_birth",
        "date_of_birth_estimated",
    }
    # What isn't known any more is null, and what a referral adds is a step like any other.
    assert edit(system(referrals), child_id, '"2"', ethnicity=None).status_code == 200
    referrals.received(child=child(identifiers=[urn("14/1")], date_of_birth=None))
    added, cleared, *_ = history(caller, child_id)
    assert {each["field"] for each in added["changes"]} == {"given_name", "family_name"}
    assert cleared["changes"][0] == {"field": "ethnicity", "from": "WBRI", "to": None}


def test_scoring_is_told_of_what_reports_need_and_never_of_names(referrals: Referrals) -> None:
    child_id = known(referrals)
    caller = system(referrals)
    ethnicity = {"code": "AIND"}
    assert edit(
        caller, child_id, '"1"', sex="F", ethnicity=ethnicity, given_name="Hushed"
    ).is_success
    last = told(referrals)[-1]["data"]
    assert (last["sex"], last["ethnicity"]) == ("F", "AIND")
    assert "Hushed" not in str(told(referrals))


def test_nobody_overwrites_what_they_have_not_read(referrals: Referrals) -> None:
    caller = system(referrals)
    child_id = known(referrals)
    without = edit(caller, child_id, None, sex="F")
    assert (without.status_code, without.json()["code"]) == (428, "precondition_required")
    tag = tag_of(caller, child_id)
    answers = at_once(
        lambda: edit(caller, child_id, tag, given_name="A"),
        lambda: edit(system(referrals), child_id, tag, given_name="B"),
    )
    assert sorted(each.status_code for each in answers) == [200, 412]
    # A referral that says something new is a change too; one that says nothing new is none.
    tag = tag_of(caller, child_id)
    referrals.received(child={"identifiers": [urn("14/1")]})
    assert tag_of(caller, child_id) == tag == '"2"'
    referrals.received(child={"identifiers": [urn("14/1")], "family_name": "Child"})
    assert edit(caller, child_id, tag, sex="F").status_code == 412
    same = edit(caller, child_id, tag_of(caller, child_id), family_name="Child")
    assert (same.status_code, same.headers["ETag"]) == (200, tag_of(caller, child_id))


def test_a_merged_child_is_edited_under_the_present_id_and_keeps_one_history(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    old, new = known(referrals, 1, sex="F"), known(referrals, 2)
    before = tag_of(caller, new)
    merge = {"survivor_id": new, "reason": REASON}
    assert caller.post(f"/v1/children/{old}/merge", json=merge).status_code == 201
    assert edit(caller, new, before, sex="M").status_code == 412
    former = edit(caller, old, '"1"', sex="M")
    assert (former.status_code, former.json()["survivor_id"]) == (409, new)
    tag = tag_of(caller, new)
    # What is said of the merged record changes the child.
    body = referral(child={"identifiers": [urn("14/1")], "given_name": "Example"})
    assert referrals.system().post("/v1/referrals", json=body).status_code == 201
    assert edit(caller, new, tag, sex="M").status_code == 412
    assert edit(caller, new, tag_of(caller, new), sex="M").json()["sex"] == "M"
    whole = history(caller, new)
    assert len({each["revision"] for each in whole if each["record_id"] == new}) == 3
    fields = {each["field"] for step in whole for each in step["changes"]}
    assert {"sex", "given_name", "former_ids", "merged_into"} <= fields
    assert caller.get(f"/v1/children/{old}/history", follow_redirects=False).status_code == 303
    assert caller.post(f"/v1/children/{old}/unmerge", json={"reason": REASON}).status_code == 201
    assert {each["record_id"] for each in history(caller, old)} == {old}
    assert caller.get(f"/v1/children/{old}").json()["sex"] == "F"


def test_what_cannot_be_said_of_a_child_is_refused_with_every_fault(referrals: Referrals) -> None:
    caller = system(referrals)
    child_id = known(referrals, date_of_birth="2012-01-01")
    for given, codes in (
        ({"date_of_birth": "2026-06-02"}, {"in_the_future"}),
        ({"date_of_birth": None, "date_of_birth_estimated": True}, {"nothing_estimated"}),
        ({"expected_on": "2027-06-01"}, {"too_late"}),
        ({"disabilities": ["NONE", "LD"]}, {"none_and_others"}),
        ({"disabilities": []}, {"none_and_others"}),
        (
            {
                "ethnicity": {"code": "WBRI", "stated_on": "2026-06-02"},
                "date_of_birth": "2026-06-02",
            },
            {"in_the_future"},
        ),
        ({"ethnicity": {"code": "W1"}}, {"unknown_value"}),
        ({"reason": REASON}, {"nothing_to_change"}),
        ({"team": "north"}, {"unknown_field"}),
    ):
        answer = edit(caller, child_id, '"1"', **given)
        assert answer.status_code == 422, answer.text
        assert {each["code"] for each in answer.json()["errors"]} == codes
    assert tag_of(caller, child_id) == '"1"'
    reader = referrals.client("children:read")
    assert edit(reader, child_id, '"1"', sex="F").status_code == 403


def test_the_history_of_a_child_is_walked_and_never_changed(referrals: Referrals) -> None:
    caller = system(referrals)
    child_id = known(referrals)
    for number, name in enumerate(("A", "B", "C"), start=1):
        assert edit(caller, child_id, f'"{number}"', given_name=name).is_success
    path, walked = f"/v1/children/{child_id}/history?limit=3", []
    while path:
        part = caller.get(path)
        walked += [each["revision"] for each in part.json()["items"]]
        path = part.links.get("next", {}).get("url", "")
    assert walked == [4, 3, 2, 1]
    for statement in ("UPDATE child_history SET reason = 'else'", "DELETE FROM child_history"):
        with (
            pytest.raises(DBAPIError),
            referrals.service.database.engine.begin() as connection,
        ):
            connection.execute(text(statement))
