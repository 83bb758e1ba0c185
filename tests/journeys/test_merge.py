"""One child known twice: a social worker merges the records, and systems find their way."""

from tests.journeys.test_main_job import a_referral
from tests.support.api import Outside, fresh_urn

SYSTEM, WORKER = "council-case-system", "social-worker"
REASON = "Both schools name the same mother, and the police saw the child with her."


def test_a_former_id_leads_to_the_child_until_the_records_are_parted(tracker: Outside) -> None:
    old, new = (
        tracker.call(SYSTEM, "POST", "/v1/referrals", a_referral(fresh_urn())).json()["child_id"]
        for _ in range(2)
    )
    merge = {"survivor_id": new, "reason": REASON}
    refused = tracker.call(SYSTEM, "POST", f"/v1/children/{old}/merge", merge)
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    merged = tracker.call(WORKER, "POST", f"/v1/children/{old}/merge", merge)
    assert merged.status_code == 201, merged.text

    sent_on = tracker.call(SYSTEM, "GET", f"/v1/children/{old}")
    assert sent_on.status_code == 303
    child = tracker.get(SYSTEM, sent_on.headers["Location"])
    assert (child["id"], child["former_ids"], len(child["identifiers"])) == (new, [old], 4)
    listed = tracker.call(SYSTEM, "GET", f"/v1/children/{old}/merges")
    said = tracker.get(SYSTEM, listed.headers["Location"])
    assert [each["reason"] for each in said["items"]] == [REASON]

    parted = tracker.call(WORKER, "POST", f"/v1/children/{old}/unmerge", {"reason": REASON})
    assert parted.status_code == 201, parted.text
    assert len(tracker.get(SYSTEM, f"/v1/children/{old}")["identifiers"]) == 2
