"""A concern about a child whom the sender may not see: taken in, and seen only by those cleared."""

from typing import Any
from uuid import uuid4

import pytest

from tests.journeys.test_main_job import a_referral
from tests.support.api import Outside, fresh_urn

SENDER, CLEARED = "council-case-system", "mace-chair"


def about(urn: str, **access: bool) -> dict[str, Any]:
    body = a_referral(urn)
    return {**body, "child": {**body["child"], "access": access}}


def referrals_seen(tracker: Outside, client_id: str, source_ref: str) -> list[Any]:
    items = tracker.get(client_id, "/v1/referrals?limit=200")["items"]
    return [item for item in items if item["source_ref"] == source_ref]


@pytest.mark.parametrize(
    ("access", "seen_by_the_chair"), [({"restricted": True}, 1), ({"staff_relative": True}, 0)]
)
def test_a_concern_about_a_child_out_of_sight_is_taken_once_and_its_answer_withholds(
    tracker: Outside, access: dict[str, bool], seen_by_the_chair: int
) -> None:
    body = about(fresh_urn(), **access)
    key = {"Idempotency_Key": f"key-{uuid4()}"}

    # The sender learns that it is taken, and not whom it is about.
    taken = tracker.call(SENDER, "POST", "/v1/referrals", body, **key)
    assert taken.status_code == 201, taken.text
    assert taken.json()["child_id"] is None

    # It lost the answer and sends again: the same answer, and nothing twice.
    again = tracker.call(SENDER, "POST", "/v1/referrals", body, **key)
    assert (again.status_code, again.json()) == (201, taken.json())
    assert again.headers["Idempotent-Replayed"] == "true"

    # Only who is cleared sees it. The chair is cleared for restricted children, not for the
    # relatives of staff.
    found = referrals_seen(tracker, CLEARED, body["source_ref"])
    assert len(found) == seen_by_the_chair
    assert all(item["child_id"] is not None for item in found)
    for client_id in ("social-worker", SENDER):
        assert referrals_seen(tracker, client_id, body["source_ref"]) == []
        place = f"/v1/referrals/{taken.json()['id']}"
        assert tracker.call(client_id, "GET", place).status_code == 404
