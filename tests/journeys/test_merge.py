"""One child known twice: a social worker merges the records, and systems find their way."""

from typing import Any

from tests.journeys.test_main_job import a_referral, an_update, days_ago
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
    sought = {"given_name": child["given_name"], "family_name": child["family_name"]}
    urn = next(each for each in child["identifiers"] if each["type"] == "police_urn")
    sought["identifiers"] = [{"type": "police_urn", "value": urn["value"]}]
    (best, *_), more = tracker.call(WORKER, "POST", "/v1/children/search", sought).json().values()
    assert (best["child_id"], best["score"], type(more)) == (new, 100, bool)
    listed = tracker.call(SYSTEM, "GET", f"/v1/children/{old}/merges")
    said = tracker.get(SYSTEM, listed.headers["Location"])
    assert [each["reason"] for each in said["items"]] == [REASON]

    parted = tracker.call(WORKER, "POST", f"/v1/children/{old}/unmerge", {"reason": REASON})
    assert parted.status_code == 201, parted.text
    assert len(tracker.get(SYSTEM, f"/v1/children/{old}")["identifiers"]) == 2


def concern(tracker: Outside, code: str) -> tuple[str, str]:
    """A child with one indicator. Returns the id and where referrals' journal stood."""
    urn = fresh_urn()
    taken = tracker.call(SYSTEM, "POST", "/v1/referrals", a_referral(urn))
    position = taken.headers["Amber-Position"]
    pushed = tracker.call(
        "police-feed", "POST", "/v1/indicator-updates", an_update(urn, "1", code, days_ago(10))
    )
    assert pushed.status_code == 200, pushed.text
    return taken.json()["child_id"], position


def say(tracker: Outside, child: str, command: str, **more: str) -> str:
    body = {"reason": REASON, **more}
    answer = tracker.call(WORKER, "POST", f"/v1/children/{child}/{command}", body)
    assert answer.status_code == 201, answer.text
    return answer.headers["Amber-Position"]


def total(tracker: Outside, child: str, position: str) -> Any:
    place = f"/v1/children/{child}/score"
    return tracker.get(WORKER, place, Amber_Min_Position=position)["total"]


def test_what_is_known_under_both_counts_until_they_are_parted(tracker: Outside) -> None:
    one, _ = concern(tracker, "missing_episode")
    other, position = concern(tracker, "cars_of_unknown_adults")
    assert [total(tracker, child, position) for child in (one, other)] == ["5", "5"]

    merged = say(tracker, one, "merge", survivor_id=other)
    assert total(tracker, other, merged) == "10"
    for part in ("", "/score", "/observations"):
        answer = tracker.call(WORKER, "GET", f"/v1/children/{one}{part}")
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"/v1/children/{other}{part}",
        )
    assert len(tracker.get(WORKER, f"/v1/children/{other}/observations")["items"]) == 2

    parted = say(tracker, one, "unmerge")
    assert [total(tracker, child, parted) for child in (one, other)] == ["5", "5"]
