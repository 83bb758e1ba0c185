"""Numbers with dates, names with kinds, times of being looked after: stated anew, or withdrawn."""

from typing import Any

import httpx2
from fastapi.testclient import TestClient

from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.referrals.support import NHS_NUMBER, REASON, Referrals, said, urn
from tests.services.referrals.test_feed import told

SCOPES = ("children:read", "children:write", "children:merge", "children:search")


def known(referrals: Referrals, number: int = 1, **facts: Any) -> str:
    given = {"identifiers": [urn(f"14/{number}")], **facts}
    return str(referrals.received(child=given)["child_id"])


def say(caller: TestClient, child_id: str, what: str, **said: Any) -> httpx2.Response:
    """State something of a child as just read."""
    path = f"/v1/children/{child_id}"
    read = caller.get(path).headers.get("ETag") or '"1"'
    return caller.post(f"{path}/{what}", json=said, headers={"If-Match": read})


def numbers(answer: Any) -> list[tuple[str, str | None, str | None]]:
    return [(i["value"], i["valid_from"], i["valid_until"]) for i in answer.json()["identifiers"]]


def last_step(caller: TestClient, child_id: str) -> Any:
    return caller.get(f"/v1/children/{child_id}/history").json()["items"][0]


def test_a_child_has_several_numbers_of_a_kind_and_those_that_ended_still_find_the_child(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    child_id = known(referrals)
    new = say(caller, child_id, "identifiers", **urn("14/2"), valid_from="2026-05-01")
    assert new.status_code == 201, new.text
    ended = say(caller, child_id, "identifiers", **urn("14/1"), valid_until="2026-04-30")
    assert numbers(ended) == [("14/1", None, "2026-04-30"), ("14/2", "2026-05-01", None)]
    assert ended.json() == caller.get(f"/v1/children/{child_id}").json()
    assert last_step(caller, child_id)["changes"] == [
        {
            "field": "identifiers",
            "from": [
                {**urn("14/1"), "valid_from": None, "valid_until": None},
                {**urn("14/2"), "valid_from": "2026-05-01", "valid_until": None},
            ],
            "to": [
                {**urn("14/1"), "valid_from": None, "valid_until": "2026-04-30"},
                {**urn("14/2"), "valid_from": "2026-05-01", "valid_until": None},
            ],
        }
    ]
    for number in ("14/1", "14/2"):
        assert referrals.received(child={"identifiers": [urn(number)]})["child_id"] == child_id


def test_a_number_of_another_child_is_refused_until_it_is_withdrawn_there(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    wrong, right = known(referrals, 1), known(referrals, 2)
    taken = say(caller, right, "identifiers", **urn("14/1"))
    assert (taken.status_code, taken.json()["code"]) == (409, "number_refused")
    bare = say(caller, wrong, "identifiers", **urn("14/1"), withdrawn=True)
    assert bare.status_code == 422
    none = say(caller, right, "identifiers", **urn("14/9"), withdrawn=True, reason=REASON)
    assert none.status_code == 404
    gone = say(caller, wrong, "identifiers", **urn("14/1"), withdrawn=True, reason=REASON)
    assert (gone.status_code, numbers(gone)) == (201, [])
    assert last_step(caller, wrong)["reason"] == REASON
    assert told(referrals)[-1]["data"]["identifiers"] == []
    assert say(caller, right, "identifiers", **urn("14/1")).status_code == 201
    assert referrals.received(child={"identifiers": [urn("14/1")]})["child_id"] == right


def test_a_number_of_a_hidden_child_is_refused_in_the_same_words_as_any_other_childs(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES, sight=Sight(teams=frozenset({"north"})))
    mine = known(referrals, 1, access={"team": "north"})
    known(referrals, 2, access={"team": "north"})
    hidden = known(referrals, 3, access={"team": "north", "restricted": True})
    seen, unseen = (say(caller, mine, "identifiers", **urn(f"14/{n}")) for n in (2, 3))
    assert (unseen.status_code, unseen.json()["code"]) == (409, "number_refused")
    assert said(unseen) == said(seen)
    assert hidden not in unseen.text
    assert numbers(caller.get(f"/v1/children/{mine}")) == [("14/1", None, None)]
    sought = {"identifiers": [urn("14/3")]}
    assert caller.post("/v1/children/search", json=sought).json()["items"] == []


def test_a_child_is_found_by_every_name_that_the_child_has_had(referrals: Referrals) -> None:
    caller = referrals.client(*SCOPES)
    child_id = known(referrals, given_name="Example", family_name="Child")
    born = say(
        caller, child_id, "names", kind="birth", family_name="Sample", valid_until="2020-01-01"
    )
    known_as = {"kind": "also_known_as", "given_name": "Zed", "family_name": "Former"}
    assert say(caller, child_id, "names", **known_as).status_code == 201
    first, second = caller.get(f"/v1/children/{child_id}").json()["other_names"]
    assert first == born.json()["other_names"][0]
    assert (first["kind"], first["given_name"], first["valid_until"]) == (
        "birth",
        None,
        "2020-01-01",
    )
    sought = {"given_name": "Zed", "family_name": "Former"}
    (found,) = caller.post("/v1/children/search", json=sought).json()["items"]
    assert (found["child_id"], found["score"], found["given_name"]) == (child_id, 50, "Example")
    path = f"names/{second['id']}/corrections"
    assert say(caller, child_id, path, **known_as).status_code == 422, "needs a reason"
    mended = say(caller, child_id, path, **{**known_as, "given_name": "Zoe"}, reason=REASON)
    assert [each["given_name"] for each in mended.json()["other_names"]] == [None, "Zoe"]
    gone = say(caller, child_id, path, **known_as, withdrawn=True, reason=REASON)
    assert len(gone.json()["other_names"]) == 1
    assert caller.post("/v1/children/search", json=sought).json()["items"] == []
    assert "Zed" not in str(told(referrals))


def test_being_looked_after_is_periods_under_a_legal_status_and_told_for_reports(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    child_id = known(referrals)
    what = "looked-after-periods"
    began = say(caller, child_id, what, legal_status="L1", began_on="2026-05-01")
    assert (began.status_code, began.json()["looked_after"]) == (201, True)
    assert told(referrals)[-1]["data"]["looked_after"] is True
    clash = say(caller, child_id, what, legal_status="V2", began_on="2026-05-04")
    assert [each["code"] for each in clash.json()["errors"]] == ["overlaps"]
    (period,) = began.json()["looked_after_periods"]
    first = {"legal_status": "L1", "began_on": "2026-05-01", "ended_on": "2026-05-04"}
    place = f"{what}/{period['id']}/corrections"
    ended = say(caller, child_id, place, **first, reason=REASON)
    assert ended.json()["looked_after"] is False
    assert told(referrals)[-1]["data"]["looked_after"] is False
    next_one = say(caller, child_id, what, legal_status="V2", began_on="2026-05-04")
    assert [each["legal_status"] for each in next_one.json()["looked_after_periods"]] == [
        "L1",
        "V2",
    ]
    assert say(caller, child_id, what, legal_status="X9", began_on="2026-05-04").status_code == 422
    nothing = f"{what}/{new_id()}/corrections"
    assert say(caller, child_id, nothing, **first, reason=REASON).status_code == 404
    gone = say(caller, child_id, place, **first, withdrawn=True, reason=REASON)
    assert [each["legal_status"] for each in gone.json()["looked_after_periods"]] == ["V2"]


def test_two_records_that_are_each_looked_after_are_merged_and_each_period_is_ended(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    what, old, new = "looked-after-periods", known(referrals, 1), known(referrals, 2)
    for child_id, day in ((old, "2026-03-01"), (new, "2026-04-01")):
        assert say(caller, child_id, what, legal_status="V2", began_on=day).is_success
    merge = {"survivor_id": new, "reason": REASON}
    assert caller.post(f"/v1/children/{old}/merge", json=merge).status_code == 201
    periods = caller.get(f"/v1/children/{new}").json()["looked_after_periods"]
    for period, still in zip(periods, (True, False), strict=True):
        ended = {**period, "ended_on": "2026-05-31", "reason": REASON}
        place = f"{what}/{ended.pop('id')}/corrections"
        answer = say(caller, new, place, **ended)
        assert (answer.status_code, answer.json()["looked_after"]) == (201, still), answer.text


def test_what_was_said_of_a_merged_record_is_corrected_under_the_present_id_and_parts_with_it(
    referrals: Referrals,
) -> None:
    caller = referrals.client(*SCOPES)
    old, new = known(referrals, 1), known(referrals, 2)
    named = say(caller, old, "names", kind="birth", family_name="Sample").json()["other_names"][0]
    merge = {"survivor_id": new, "reason": REASON}
    assert caller.post(f"/v1/children/{old}/merge", json=merge).status_code == 201
    place, body = f"names/{named['id']}/corrections", {"kind": "birth", "reason": REASON}
    former = say(caller, old, "names", kind="birth", family_name="Sample")
    assert (former.status_code, former.json()["survivor_id"]) == (409, new)
    assert say(caller, new, place, **body, family_name="Else").status_code == 201
    assert say(caller, new, "identifiers", **urn("14/1"), valid_until="2026-05-01").is_success
    period = {"legal_status": "C2", "began_on": "2026-01-01"}
    assert say(caller, new, "looked-after-periods", **period).json()["looked_after"] is True
    assert caller.post(f"/v1/children/{old}/unmerge", json={"reason": REASON}).status_code == 201
    parted, left = (caller.get(f"/v1/children/{each}") for each in (old, new))
    assert [each["family_name"] for each in parted.json()["other_names"]] == ["Else"]
    assert numbers(parted) == [("14/1", None, "2026-05-01")]
    assert (parted.json()["looked_after"], left.json()["looked_after"]) == (None, True)


def test_who_has_not_read_or_may_not_write_changes_nothing(referrals: Referrals) -> None:
    child_id = known(referrals)
    caller = referrals.client(*SCOPES)
    path = f"/v1/children/{child_id}/identifiers"
    number = {"type": "nhs_number", "value": NHS_NUMBER}
    assert caller.post(path, json=number).status_code == 428
    assert caller.post(path, json=number, headers={"If-Match": '"7"'}).status_code == 412
    assert (
        say(referrals.client("children:read"), child_id, "identifiers", **number).status_code == 403
    )
    wrong = say(caller, child_id, "identifiers", type="nhs_number", value="9990000019")
    assert wrong.status_code == 422
    nobody = caller.post(
        f"/v1/children/{new_id()}/identifiers", json=number, headers={"If-Match": '"1"'}
    )
    assert nobody.status_code == 404
    assert len(caller.get(f"/v1/children/{child_id}").json()["identifiers"]) == 1
