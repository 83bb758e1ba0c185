"""What referrals tells scoring: a child as known now, without names."""

from typing import Any

from fastapi.testclient import TestClient

from shared.contracts.events import ChildChanged
from tests.services.referrals.support import NHS_NUMBER, Referrals, child, urn


def scoring(referrals: Referrals) -> TestClient:
    return referrals.client("internal:events", client_id="scoring", kind="service", person_id=None)


def told(referrals: Referrals) -> list[dict[str, Any]]:
    response = scoring(referrals).get("/internal/events?after=0")
    assert response.status_code == 200
    events: list[dict[str, Any]] = response.json()["events"]
    return events


def test_a_child_that_is_created_is_told(referrals: Referrals) -> None:
    given = child(identifiers=[*child()["identifiers"], urn("14/1")], access={"team": "north"})
    child_id = referrals.received(child=given)["child_id"]
    (event,) = told(referrals)
    assert event["type"] == "child.changed"
    assert event["data"] == {
        "child_id": child_id,
        "date_of_birth": "2012-01-01",
        "date_of_birth_estimated": False,
        "identifiers": [
            {"type": "nhs_number", "value": NHS_NUMBER},
            {"type": "police_urn", "value": "14/1"},
        ],
        "team": "north",
        "restricted": False,
        "staff_relative": False,
        "survivor_id": None,
        "sex": None,
        "ethnicity": None,
        "looked_after": None,
    }
    assert set(event["data"]) == set(ChildChanged.model_fields)


def test_a_child_that_changed_is_told_again_and_one_that_did_not_is_not(
    referrals: Referrals,
) -> None:
    referrals.received(child={"identifiers": [urn("14/1")]})
    referrals.received(child={"identifiers": [urn("14/1")]})
    referrals.received(child=child(identifiers=[urn("14/1"), urn("14/2")]))
    first, second = told(referrals)
    assert first["data"]["date_of_birth"] is None
    assert second["data"]["date_of_birth"] == "2012-01-01"
    assert [i["value"] for i in second["data"]["identifiers"]] == ["14/1", "14/2"]


def test_nothing_of_referrals_themselves_is_told(referrals: Referrals) -> None:
    received = referrals.received()
    referrals.move(received["id"], "start_triage")
    response = scoring(referrals).get("/internal/events?after=0")
    assert [event["type"] for event in response.json()["events"]] == ["child.changed"]
    assert response.json()["next"] == 3
    for personal in ("Example", "Away from lessons"):
        assert personal not in response.text


def test_the_feed_is_for_services(referrals: Referrals) -> None:
    response = referrals.worker().get("/internal/events?after=0")
    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
