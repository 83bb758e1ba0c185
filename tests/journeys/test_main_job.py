"""The main job, from outside: a concern, what the police know, a score with its reasons, a
decision by a person, and the history of it all."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.clock import system_clock
from shared.domain.london import london_date
from tests.support.api import Outside, await_it, fresh_nhs_number, fresh_urn

TODAY = london_date(system_clock())


def days_ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def a_referral(urn: str) -> dict[str, Any]:
    return {
        "type": "cse",
        "source": "2A",
        "source_ref": f"S-{urn}",
        "received_on": days_ago(3),
        "summary": "A school noticed new phones and days missed, and asked for help.",
        "child": {
            "given_name": "Example",
            "family_name": "Childjourney",
            "date_of_birth": (TODAY - timedelta(days=14 * 365 + 100)).isoformat(),
            "identifiers": [
                {"type": "police_urn", "value": urn},
                {"type": "nhs_number", "value": fresh_nhs_number()},
            ],
        },
    }


def an_update(urn: str, ref: str, code: str, observed_on: str, **more: Any) -> dict[str, Any]:
    child = {"identifiers": [{"type": "police_urn", "value": urn}]}
    return {
        "source_ref": f"{urn}-{ref}",
        "revision": 1,
        "child": child,
        "code": code,
        "answer": "yes",
        "observed_on": observed_on,
        **more,
    }


def test_from_a_concern_to_a_decision_with_every_reason_on_record(tracker: Outside) -> None:
    urn = fresh_urn()
    began = datetime.now(UTC)  # noqa: TID251  # compared with what the tracker wrote down

    # The council's case system posts a referral.
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    assert referred.status_code == 201, referred.text
    referral, place = referred.json(), referred.headers["Location"]
    child = referral["child_id"]
    position = referred.headers["Amber-Position"]

    # The police feed pushes what it knows of that child, by its own number. One row is wrong.
    pushed = tracker.call(
        "police-feed",
        "POST",
        "/v1/indicator-updates",
        [
            an_update(urn, "1", "missing_episode", days_ago(20)),
            an_update(urn, "2", "missing_episode", days_ago(300)),
            an_update(urn, "3", "cars_of_unknown_adults", days_ago(20)),
            an_update(urn, "4", "missing_episod", days_ago(20)),
        ],
    )
    assert pushed.status_code == 200, pushed.text
    outcomes = [item["result"] for item in pushed.json()["items"]]
    assert [outcome in {"recorded", "held"} for outcome in outcomes] == [True, True, True, False]
    assert child not in pushed.text

    # The score has changed, and says why: 5 and 1 for the missing episodes, 5 for the cars.
    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert (score["total"], score["band"]) == ("11", "category_3")
    points = {
        each["indicator"]: (each["points"], each["observations"])
        for each in score["contributions"]
        if each["points"] != "0"
    }
    assert {name: given for name, (given, _) in points.items()} == {
        "missing_overnight": "6",
        "cars_of_unknown_adults": "5",
    }
    used = [each["source_ref"] for each in points["missing_overnight"][1]]
    assert sorted(used) == [f"{urn}-1", f"{urn}-2"]
    assert all(each["reason"]["text"] for each in score["contributions"])
    assert (score["model"], score["version"]) == ("seraf", "1.0")

    # As of an earlier day there was less to know.
    earlier = f"/v1/children/{child}/score?as_of={days_ago(30)}"
    before = tracker.get("social-worker", earlier)
    assert (before["total"], before["band"]) == ("1", "category_1")

    # The score is stored, and referrals knows the rating.
    def rated() -> Any:
        record = tracker.get("social-worker", f"/v1/children/{child}")
        rating = record["current_rating"]
        return rating if rating and rating["total"] == "11" else None

    rating = await_it(rated, "the rating to reach the child's record")
    stored = tracker.get("social-worker", f"/v1/children/{child}/scores")["items"]
    assert rating["score_id"] in [each["score_id"] for each in stored]

    # A worker decides: with a reason, having looked at that score.
    step = {"command": "start_triage"}
    assert tracker.call("social-worker", "POST", f"{place}/transitions", step).status_code < 300
    reason = "The youth team knows the family; early help fits what is known today."
    decision = {
        "command": "signpost",
        "to": "cyt",
        "reason": reason,
        "score_id": rating["score_id"],
    }
    decided = tracker.call("social-worker", "POST", f"{place}/transitions", decision)
    assert decided.status_code < 300, decided.text
    assert decided.json()["status"] == "signposted"

    # Everything is in the history: who, when, why, knowing what.
    history = tracker.get("social-worker", f"{place}/history")["items"]
    assert [each["to"] for each in history] == ["received", "in_triage", "signposted"]
    last = history[-1]
    assert (last["by"], last["reason"]) == ("p-social-worker", reason)
    assert last["score_id"] == rating["score_id"]
    assert datetime.fromisoformat(last["at"]) >= began - timedelta(minutes=1)
    statements = tracker.get("social-worker", f"/v1/children/{child}/observations")["items"]
    assert sorted(each["source_ref"] for each in statements) == [f"{urn}-{n}" for n in (1, 2, 3)]


def test_the_same_updates_again_change_nothing(tracker: Outside) -> None:
    urn = fresh_urn()
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    child, position = referred.json()["child_id"], referred.headers["Amber-Position"]
    body = [an_update(urn, "1", "missing_episode", days_ago(20))]
    tracker.call("police-feed", "POST", "/v1/indicator-updates", body)
    pushed = tracker.call("police-feed", "POST", "/v1/indicator-updates", body)
    assert pushed.json()["items"][0]["result"] == "duplicate"
    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert score["total"] == "5"


def test_updates_that_come_before_the_child_is_known_count_once_it_is(tracker: Outside) -> None:
    urn = fresh_urn()
    body = an_update(urn, "1", "missing_episode", days_ago(20))
    pushed = tracker.call("police-feed", "POST", "/v1/indicator-updates", body)
    assert pushed.json()["items"][0]["result"] == "held"
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    child, position = referred.json()["child_id"], referred.headers["Amber-Position"]
    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert score["total"] == "5"


def test_who_has_no_business_with_a_child_is_told_what_is_missing(tracker: Outside) -> None:
    urn = fresh_urn()
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    child, place = referred.json()["child_id"], referred.headers["Location"]
    looked = tracker.call("analyst", "GET", f"/v1/children/{child}/score")
    assert (looked.status_code, looked.json()["code"]) == (403, "insufficient_scope")
    decided = tracker.call(
        "council-case-system", "POST", f"{place}/transitions", {"command": "start_triage"}
    )
    assert (decided.status_code, decided.json()["code"]) == (403, "insufficient_scope")
    nobody = tracker.http.get(f"/v1/children/{child}/score")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "missing_token")


def test_the_api_is_described_and_the_process_says_how_it_is(tracker: Outside) -> None:
    described = tracker.http.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert "/v1/children/{child_id}/score" in described["paths"]
    assert tracker.http.get("/livez").json() == {"status": "live"}
    assert tracker.http.get("/readyz").status_code == 200
    assert tracker.http.get("/version").json()["service"] == "gateway"


def test_what_a_screening_tool_says_counts_in_the_score(tracker: Outside) -> None:
    screening = {
        "tool": "Screening tool of a school",
        "observed_on": days_ago(3),
        "answers": [{"code": "missing_episode", "answer": "yes"}],
    }
    body = {**a_referral(fresh_urn()), "screening": screening}
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", body)
    child, position = referred.json()["child_id"], referred.headers["Amber-Position"]
    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert score["total"] == "5"
    place = f"{referred.headers['Location']}/screenings"
    (item,) = tracker.get("social-worker", place)["items"]
    correction = {
        **screening,
        "answers": [{"code": "missing_episode", "answer": "no"}],
        "reason": "Ticked on the wrong line; the school says so.",
    }
    corrected = tracker.call(
        "social-worker", "POST", f"{place}/{item['id']}/corrections", correction
    )
    position = corrected.headers["Amber-Position"]
    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert score["total"] == "0"
