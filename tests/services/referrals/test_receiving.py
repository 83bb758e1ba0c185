"""A council system sends a referral: it finds the child, or the child is created with it."""

import pytest

from shared.domain.access import Sight
from tests.services.referrals.support import (
    NHS_NUMBER,
    Referrals,
    child,
    counted,
    rating_changed,
    referral,
    said,
    urn,
)


def test_a_referral_is_stored_and_answered_with_where_to_find_it(referrals: Referrals) -> None:
    response = referrals.system().post("/v1/referrals", json=referral())
    assert response.status_code == 201
    answer = response.json()
    assert response.headers["Location"] == f"/v1/referrals/{answer['id']}"
    assert response.headers["ETag"] == '"1"'
    assert response.headers["Amber-Position"] == "referrals:2"
    assert answer["child_id"] is not None
    assert answer | {"id": "", "child_id": ""} == {
        "id": "",
        "reference": "CE-2026-000018",
        "child_id": "",
        "type": "cse",
        "source": "2A",
        "source_ref": "SCHOOL-0001",
        "received_on": "2026-06-01",
        "recorded_at": "2026-06-01T09:00:00Z",
        "age_at_referral": 14,
        "looked_after_at_referral": None,
        "looked_after": None,
        "rating_at_referral": None,
        "over_18_reason": None,
        "re_referral_of": None,
        "status": "received",
        "clock": {
            "waits_for": "decision",
            "due_on": "2026-06-02",
            "paused_since": None,
            "overdue": False,
        },
        "revision": 1,
        "summary": "Away from lessons three afternoons last week.",
        "differing_details": [],
        "allowed": [],
        "decision": None,
        "worker": None,
        "worker_team": None,
        "signposting_outcome": None,
        "proposed_by": None,
    }
    read = referrals.system().get(response.headers["Location"])
    assert (read.status_code, read.json()) == (200, answer)
    assert read.headers["ETag"] == '"1"'


def test_the_child_is_created_with_the_referral(referrals: Referrals) -> None:
    given = child(
        identifiers=[urn(" 14/ab-1 "), {"type": "nhs_number", "value": NHS_NUMBER}],
        date_of_birth_estimated=True,
        sex="F",
        ethnicity="WBRI",
        access={"team": "north"},
    )
    child_id = referrals.received(child=given)["child_id"]
    assert referrals.system().get(f"/v1/children/{child_id}").json() == {
        "id": child_id,
        "revision": 1,
        "former_ids": [],
        "merged_records": [],
        "identifiers": [
            {"type": "nhs_number", "value": NHS_NUMBER, "valid_from": None, "valid_until": None},
            {"type": "police_urn", "value": "14/AB-1", "valid_from": None, "valid_until": None},
        ],
        "given_name": "Example",
        "family_name": "Child",
        "other_names": [],
        "date_of_birth": "2012-01-01",
        "date_of_birth_estimated": True,
        "expected_on": None,
        "sex": "F",
        "ethnicity": "WBRI",
        "ethnicity_source": None,
        "ethnicity_stated_on": None,
        "disabilities": None,
        "looked_after": None,
        "looked_after_periods": [],
        "more": [],
        "access": {"team": "north", "restricted": False, "staff_relative": False},
        "current_rating": None,
        "rating_in_words": "no score yet",
    }


def test_an_exact_identifier_finds_the_child_again(referrals: Referrals) -> None:
    first = referrals.received()
    second = referrals.received(
        child={"identifiers": [{"type": "nhs_number", "value": NHS_NUMBER}]}
    )
    assert second["child_id"] == first["child_id"]
    assert second["id"] != first["id"]
    assert counted(referrals, "child") == 1


def test_the_id_of_a_known_child_will_do(referrals: Referrals) -> None:
    first = referrals.received()
    assert referrals.received(child_id=first["child_id"])["child_id"] == first["child_id"]


def test_names_and_birth_date_never_find_a_child_by_themselves(referrals: Referrals) -> None:
    first = referrals.received()
    second = referrals.received(child=child(identifiers=[]))
    assert second["child_id"] != first["child_id"]


def test_an_identifier_is_found_however_it_was_spelled(referrals: Referrals) -> None:
    first = referrals.received(child={"identifiers": [urn("14/ab-1")]})
    second = referrals.received(child={"identifiers": [urn(" 14/AB-1 ")]})
    assert second["child_id"] == first["child_id"]


def test_a_known_child_gains_the_identifiers_that_are_new(referrals: Referrals) -> None:
    referrals.received()
    known = referrals.received(child=child(identifiers=[*child()["identifiers"], urn("14/1")]))
    found = referrals.received(child={"identifiers": [urn("14/1")]})
    assert found["child_id"] == known["child_id"]


def test_identifiers_of_two_children_are_refused_naming_neither(referrals: Referrals) -> None:
    first = referrals.received()
    second = referrals.received(child={"identifiers": [urn("14/1")]})
    response = referrals.system().post(
        "/v1/referrals",
        json=referral(child=child(identifiers=[*child()["identifiers"], urn("14/1")])),
    )
    assert response.status_code == 409
    assert response.json()["code"] == "identifiers_disagree"
    for name in (first["child_id"], second["child_id"], NHS_NUMBER, "14/1"):
        assert name not in response.text
    assert counted(referrals, "referral") == 2


def test_identifiers_of_a_hidden_child_are_refused_in_the_same_words(
    referrals: Referrals,
) -> None:
    for number, facts in enumerate([{}, {}, {"restricted": True}]):
        referrals.received(child={"identifiers": [urn(f"14/{number}")], "access": facts})
    other = referrals.system(sight=Sight(teams=frozenset({"north"})))
    seen, unseen = (
        other.post(
            "/v1/referrals", json=referral(child={"identifiers": [urn("14/0"), urn(number)]})
        )
        for number in ("14/1", "14/2")
    )
    assert (unseen.status_code, said(unseen)) == (409, said(seen))
    # The concern itself is taken, under the number that the sender is sure of.
    sure = referral(child={"identifiers": [urn("14/2")]})
    assert other.post("/v1/referrals", json=sure).json()["child_id"] is None


def test_what_was_missing_of_a_child_is_filled_in(referrals: Referrals) -> None:
    referrals.received(child={"identifiers": [urn("14/1")]})
    answer = referrals.received(child=child(identifiers=[urn("14/1")]))
    assert answer["differing_details"] == []
    known = referrals.system().get(f"/v1/children/{answer['child_id']}").json()
    assert (known["given_name"], known["date_of_birth"]) == ("Example", "2012-01-01")


def test_a_differing_detail_blocks_nothing_and_changes_nothing(referrals: Referrals) -> None:
    referrals.received()
    answer = referrals.received(child=child(date_of_birth="2012-10-01", given_name="Exemple"))
    assert answer["differing_details"] == ["date_of_birth", "given_name"]
    known = referrals.system().get(f"/v1/children/{answer['child_id']}").json()
    assert (known["given_name"], known["date_of_birth"]) == ("Example", "2012-01-01")
    again = referrals.system().get(f"/v1/referrals/{answer['id']}").json()
    assert again["differing_details"] == ["date_of_birth", "given_name"]


def test_a_later_referral_can_hide_a_child_and_never_show_it_more_widely(
    referrals: Referrals,
) -> None:
    child_id = referrals.received(child=child(access={"team": "north"}))["child_id"]
    told = child(access={"team": "south", "restricted": True, "staff_relative": True})
    assert referrals.received(child=told)["differing_details"] == ["team"]
    referrals.received(child=child(access={"restricted": False, "staff_relative": False}))
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert known["access"] == {"team": "north", "restricted": True, "staff_relative": True}


def test_an_unknown_child_id_is_not_found(referrals: Referrals) -> None:
    response = referrals.system().post(
        "/v1/referrals", json=referral(child_id="01890000-0000-7000-8000-000000000000")
    )
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("code", ["1A", "2B", "3E", "4", "5D", "10"])
def test_every_kind_of_source_is_taken(referrals: Referrals, code: str) -> None:
    assert referrals.received(source=code)["source"] == code


@pytest.mark.parametrize("looked_after", [True, False, None])
def test_looked_after_is_kept_as_it_was_at_the_referral(
    referrals: Referrals, looked_after: bool | None
) -> None:
    answer = referrals.received(looked_after=looked_after)
    assert answer["looked_after"] is looked_after
    assert referrals.received()["looked_after"] is None


def test_what_the_source_does_not_state_stays_null(referrals: Referrals) -> None:
    child_id = referrals.received(child=child(ethnicity=None))["child_id"]
    known = referrals.system().get(f"/v1/children/{child_id}").json()
    assert (known["sex"], known["ethnicity"]) == (None, None)


def test_an_unborn_child_has_no_age_and_the_date_of_birth_may_follow(
    referrals: Referrals,
) -> None:
    number = {"identifiers": [urn("14/1")]}
    first = referrals.received(
        received_on="2026-03-01", child={**number, "expected_on": "2026-05-20"}
    )
    assert first["age_at_referral"] is None
    later = referrals.received(child={**number, "date_of_birth": "2026-05-18"})
    assert (later["child_id"], later["age_at_referral"]) == (first["child_id"], 0)
    known = referrals.system().get(f"/v1/children/{first['child_id']}").json()
    assert (known["date_of_birth"], known["expected_on"]) == ("2026-05-18", "2026-05-20")
    again = referrals.system().get(f"/v1/referrals/{first['id']}").json()
    assert again["age_at_referral"] is None


def test_what_was_known_at_the_referral_stays_when_more_is_learned_later(
    referrals: Referrals,
) -> None:
    first = referrals.received(child=child(date_of_birth="2012-01-01"))
    place = f"/v1/children/{first['child_id']}"
    editor = referrals.client("children:read", "children:write")
    period = {"legal_status": "V2", "began_on": "2026-05-01"}
    for path, body in (("/looked-after-periods", period), ("", {"date_of_birth": "2010-01-01"})):
        tag = {"If-Match": editor.get(place).headers["ETag"]}
        send = editor.post if path else editor.patch
        assert send(place + path, json=body, headers=tag).is_success
    later = referrals.received(looked_after=False)
    before = referrals.received(received_on="2026-04-30")
    found = [referrals.system().get(f"/v1/referrals/{each['id']}").json() for each in
             (first, later, before)]  # fmt: skip
    assert [each["age_at_referral"] for each in found] == [14, 16, 16]
    assert [each["looked_after"] for each in found] == [None, False, None]
    # The period says so, whatever the sender did; none of it holds the last day of April.
    assert [each["looked_after_at_referral"] for each in found] == [None, True, False]


def test_a_sender_is_told_no_snapshot_of_a_child_out_of_sight(referrals: Referrals) -> None:
    referrals.received(child=child(access={"restricted": True}), looked_after=True)
    other = referrals.system(sight=Sight(teams=frozenset({"north"})))
    answer = other.post("/v1/referrals", json=referral(looked_after=False)).json()
    assert (answer["child_id"], answer["age_at_referral"]) == (None, None)
    assert (answer["looked_after"], answer["looked_after_at_referral"]) == (False, None)


def test_a_referral_may_have_been_received_years_before_it_is_entered(
    referrals: Referrals,
) -> None:
    answer = referrals.received(received_on="2020-05-04", child=child(date_of_birth="2006-05-05"))
    assert answer["recorded_at"] == "2026-06-01T09:00:00Z"
    assert answer["age_at_referral"] == 13


def test_a_known_child_is_not_referred_before_the_day_of_birth(referrals: Referrals) -> None:
    child_id = referrals.received()["child_id"]
    response = referrals.system().post(
        "/v1/referrals", json=referral(child_id=child_id, received_on="2011-12-31")
    )
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [
        ("/received_on", "before_birth")
    ]
    by_number = referrals.system().post(
        "/v1/referrals",
        json=referral(child={"identifiers": child()["identifiers"]}, received_on="2011-12-31"),
    )
    assert (by_number.status_code, said(by_number)) == (422, said(response))
    assert counted(referrals, "referral") == 1


def test_a_sender_is_not_told_that_a_child_out_of_sight_was_not_born_then(
    referrals: Referrals,
) -> None:
    referrals.received(child=child(access={"restricted": True}))
    other = referrals.system(sight=Sight(teams=frozenset({"north"})))
    body = referral(child={"identifiers": child()["identifiers"]}, received_on="2011-12-31")
    assert other.post("/v1/referrals", json=body).json()["child_id"] is None
    unborn = {"identifiers": [urn("14/1")], "expected_on": "2026-05-20"}
    referrals.received(received_on="2026-03-01", child=unborn)
    referrals.received(child={**unborn, "date_of_birth": "2026-05-18"})
    assert referrals.received(received_on="2026-03-02", child=unborn)["age_at_referral"] is None


def test_references_count_on_within_the_year_of_the_referral(referrals: Referrals) -> None:
    days = ["2026-06-01", "2025-12-31", "2026-01-01", "2025-12-30"]
    found = [referrals.received(received_on=day)["reference"] for day in days]
    assert found == ["CE-2026-000018", "CE-2025-000016", "CE-2026-000026", "CE-2025-000024"]


def test_a_referral_within_twelve_months_shows_the_one_before(referrals: Referrals) -> None:
    first = referrals.received(received_on="2025-07-01")
    second = referrals.received(received_on="2026-05-30")
    third = referrals.received(received_on="2026-05-30")
    assert first["re_referral_of"] is None
    assert second["re_referral_of"] == {"id": first["id"], "received_on": "2025-07-01"}
    assert third["re_referral_of"]["id"] == second["id"]
    # Entered late, it comes between; a duplicate is no referral of its own.
    between = referrals.received(received_on="2025-12-24")
    read = referrals.worker().get(f"/v1/referrals/{second['id']}").json()
    assert read["re_referral_of"]["id"] == between["id"]
    referrals.move(third["id"], "start_triage")
    duplicate = referrals.move(third["id"], "mark_duplicate", duplicate_of=second["id"])
    assert duplicate.json()["re_referral_of"] is None
    last = referrals.received()
    assert last["re_referral_of"]["id"] == second["id"]
    items = referrals.worker().get("/v1/referrals").json()["items"]
    assert [item["re_referral_of"] and item["re_referral_of"]["id"] for item in items] == [
        second["id"],
        first["id"],
        None,
        between["id"],
        None,
    ]


def test_what_was_in_force_at_the_referral_stays_with_it(referrals: Referrals) -> None:
    child_id = referrals.received()["child_id"]
    referrals.told(rating_changed(child_id, total="10"))
    again = referrals.received()
    assert again["rating_at_referral"]["total"] == "10"
    referrals.told(rating_changed(child_id, total="10"), rating_changed(child_id, 2, total="16"))
    path = f"/v1/referrals/{again['id']}"
    assert referrals.worker().get(path).json()["rating_at_referral"]["total"] == "10"
    (received,) = referrals.worker().get(f"{path}/history").json()["items"]
    assert received["rating_at_decision"]["total"] == "10"


def test_somebody_of_18_is_referred_with_a_reason(referrals: Referrals) -> None:
    adult = child(date_of_birth="2008-06-01", access={"team": "north"})
    refused = referrals.system().post("/v1/referrals", json=referral(child=adult))
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/over_18_reason", "missing")
    ]
    reason = "Known since fifteen, and still in danger."
    taken = referrals.received(child=adult, over_18_reason=reason)
    assert taken["over_18_reason"] == reason
    # Found by a number alone: who may see the person is asked why, anybody else is not told.
    by_number = referral(child={"identifiers": child()["identifiers"]})
    assert referrals.system().post("/v1/referrals", json=by_number).status_code == 422
    elsewhere = referrals.system(sight=Sight(teams=frozenset({"south"})))
    assert elsewhere.post("/v1/referrals", json=by_number).status_code == 201
    assert counted(referrals, "referral") == 2
