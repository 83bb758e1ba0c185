"""A worker moves a referral on: who, why, and which score they looked at."""

from shared.ids import new_id
from tests.services.referrals.support import REASON, Referrals, rating_changed


def in_triage(referrals: Referrals) -> dict[str, str]:
    received = referrals.received()
    assert referrals.move(received["id"], "start_triage").status_code == 201
    return received


def test_a_worker_signposts_to_the_community_youth_team(referrals: Referrals) -> None:
    received = in_triage(referrals)
    score_id = new_id()
    referrals.told(rating_changed(received["child_id"], score_id=score_id))
    referrals.clock.forward(minutes=5)
    response = referrals.move(received["id"], "signpost", score_id=str(score_id))
    assert response.status_code == 201
    assert response.headers["ETag"] == '"3"'
    answer = response.json()
    assert (answer["status"], answer["allowed"]) == ("signposted", ["reopen"])
    assert answer["decision"] == {
        "command": "signpost",
        "to": "cyt",
        "service_name": None,
        "reason": REASON,
        "decided_by": "p-test",
        "decided_at": "2026-06-01T09:05:00Z",
        "score_id": str(score_id),
        "rating_at_decision": {
            "score_id": str(score_id),
            "model": "seraf",
            "version": "1.0.0",
            "as_of": "2026-06-01",
            "status": "complete",
            "total": "10",
            "band": "category_2",
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
