"""A council system keeps up with what happened: by its cursor, thin, and only what it may know."""

from typing import Any

from tests.journeys.test_main_job import a_referral, an_update, days_ago
from tests.support.api import Outside, await_it, fresh_urn

SYSTEM = "council-case-system"


def hear(tracker: Outside, client_id: str, cursor: str) -> tuple[list[dict[str, Any]], str]:
    """Everything behind a cursor, and the cursor after it."""
    found: list[dict[str, Any]] = []
    while True:
        page = tracker.get(client_id, f"/v1/events?after={cursor}")
        found += page["items"]
        cursor = page["cursor"]
        if not page["more"]:
            return found, cursor


def test_a_consumer_hears_of_what_happened_once_and_asks_for_the_rest(tracker: Outside) -> None:
    cursor = tracker.get(SYSTEM, "/v1/events?after=now")["cursor"]
    urn = fresh_urn()
    referred = tracker.call(SYSTEM, "POST", "/v1/referrals", a_referral(urn)).json()
    child = referred["child_id"]
    tracker.call(
        "police-feed",
        "POST",
        "/v1/indicator-updates",
        an_update(urn, f"E-{urn}", "missing_episode", days_ago(3)),
    )
    heard: list[dict[str, Any]] = []

    def rating() -> dict[str, Any] | None:
        nonlocal cursor
        some, cursor = hear(tracker, SYSTEM, cursor)
        heard.extend(some)
        scored = [each for each in heard if each["type"] == "score.calculated"]
        return scored[-1] if scored and scored[-1]["data"]["child_id"] == child else None

    scored = await_it(rating, "the score to be told of")
    kinds = [each["type"] for each in heard if each["data"].get("child_id") == child]
    assert kinds[:2] == ["child.changed", "referral.received"]
    assert {"score.calculated", "rating.changed"} <= set(kinds)
    assert (scored["specversion"], scored["source"]) == ("1.0", "/scoring")
    assert len({(each["source"], each["id"]) for each in heard}) == len(heard), "each of them once"
    said = str(heard)
    assert urn not in said, "ids and kinds, no number of anybody"
    assert a_referral(urn)["summary"] not in said
    stored = tracker.get(SYSTEM, f"/v1/children/{child}/scores")["items"]
    assert scored["data"]["score_id"] in {each["score_id"] for each in stored}
    later, _ = hear(tracker, SYSTEM, cursor)  # others' news may come meanwhile
    assert not [each for each in later if each in heard]


def test_of_a_child_out_of_sight_nothing_is_heard(tracker: Outside) -> None:
    cursor = tracker.get("mace-chair", "/v1/events?after=now")["cursor"]
    body = a_referral(fresh_urn())
    hidden = {**body, "child": {**body["child"], "access": {"restricted": True}}}
    tracker.call(SYSTEM, "POST", "/v1/referrals", hidden)
    heard, _ = hear(tracker, "mace-chair", cursor)
    assert "referral.received" in {each["type"] for each in heard}
    told = {each["data"].get("referral_id") for each in heard}
    for_system, _ = hear(tracker, SYSTEM, cursor)
    assert not told & {each["data"].get("referral_id") for each in for_system} - {None}


def test_who_may_not_hear_or_asks_wrongly_is_told_so(tracker: Outside) -> None:
    refused = tracker.call("analyst", "GET", "/v1/events")
    assert (refused.status_code, refused.json()["code"]) == (403, "insufficient_scope")
    for query, status, code in (
        ("after=x", 422, "invalid_request"),
        ("after=e30", 422, "invalid_request"),
        ("since=1", 400, "unknown_parameter"),
        ("limit=1000", 422, "invalid_request"),
    ):
        answer = tracker.call(SYSTEM, "GET", f"/v1/events?{query}")
        assert (answer.status_code, answer.json()["code"]) == (status, code), query
