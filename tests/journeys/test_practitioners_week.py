"""A practitioner's week: from a concern and its screening over triage, a case and the nurse to a
closed case, with a merge half-way, and the child referred again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.london import london_date
from tests.journeys.test_main_job import a_referral, an_update, days_ago
from tests.support.api import Outside, await_it, fresh_urn

SYSTEM, FEED = "council-case-system", "police-feed"
WORKER, NURSE, CHAIR = "social-worker", "specialist-nurse", "mace-chair"
REASON = "What the family, the school and the police say fits together."


def post(tracker: Outside, who: str, path: str, body: Any, **headers: str) -> Any:
    """POST that must succeed: its document."""
    answer = tracker.call(who, "POST", path, body, **headers)
    assert answer.status_code < 300, answer.text
    return answer.json()


def move(tracker: Outside, who: str, place: str, command: str, **more: Any) -> Any:
    """A command with a reason, by who has just read the thing it moves."""
    read = tracker.call(who, "GET", place)
    body = {"command": command, "reason": REASON, **more}
    return post(tracker, who, f"{place}/transitions", body, If_Match=read.headers["ETag"])


def rated(tracker: Outside, child: str, total: str) -> str:
    """The id of the stored score of so many points, once referrals knows it."""

    def ask() -> str | None:
        rating = tracker.get(WORKER, f"/v1/children/{child}")["current_rating"]
        return rating["score_id"] if rating and rating["total"] == total else None

    return await_it(ask, f"a rating of {total} points")


def test_a_practitioners_week(tracker: Outside) -> None:
    urn, other_urn = fresh_urn(), fresh_urn()
    today = london_date(datetime.now(UTC))  # noqa: TID251  # the tracker's own day
    soon = (today + timedelta(days=28)).isoformat()

    # Monday: a concern comes in with a screening tool; triage waits for the school, and its clock
    # stands meanwhile.
    screening = {
        "tool": "CSE screening tool, 2025",
        "observed_on": days_ago(10),
        "answers": [{"code": "out_late", "answer": "yes"}],
    }
    concern = {**a_referral(urn), "screening": screening}
    referral = post(tracker, SYSTEM, "/v1/referrals", concern)
    child, place = referral["child_id"], f"/v1/referrals/{referral['id']}"
    post(
        tracker, FEED, "/v1/indicator-updates", an_update(urn, "1", "missing_episode", days_ago(9))
    )
    post(tracker, WORKER, f"{place}/transitions", {"command": "start_triage"})
    waiting = move(tracker, WORKER, place, "request_information")
    assert waiting["clock"]["paused_since"] is not None
    assert move(tracker, WORKER, place, "resume_triage")["clock"]["paused_since"] is None

    # Tuesday: it is accepted with the score that was looked at, and a worker takes it on.
    score = rated(tracker, child, "6")
    assert move(tracker, WORKER, place, "accept", score_id=score)["status"] == "accepted"
    allocated = move(tracker, WORKER, place, "allocate", worker="p-social-worker", team="north")
    assert (allocated["status"], allocated["decision"]["worker"]) == (
        "allocated",
        "p-social-worker",
    )

    # The case opens; the child is met, and the nurse writes down what only she reads.
    case = post(tracker, WORKER, "/v1/cases", {"referral_id": referral["id"], "reason": REASON})
    case_place = f"/v1/cases/{case['id']}"
    move(tracker, WORKER, case_place, "start_assessment")
    for kind, attendance in (("face_to_face", "attended"), ("walk", "chose_not_to")):
        contact = {"on": today.isoformat(), "kind": kind, "attendance": attendance}
        post(tracker, WORKER, f"{case_place}/contacts", {**contact, "by": "p-social-worker"})
    health = {
        "on": today.isoformat(),
        "kind": "sarc_support",
        "attendance": "attended",
        "by": "p-specialist-nurse",
        "note": "Will come again next week.",
    }
    post(tracker, NURSE, f"{case_place}/health", health)
    assert tracker.get(WORKER, case_place)["withheld"] == ["health"]
    assert tracker.call(WORKER, "GET", f"{case_place}/health").status_code == 403

    # Wednesday: another record turns out to be the same child. What is known of both counts.
    twin = post(tracker, SYSTEM, "/v1/referrals", a_referral(other_urn))
    seen = an_update(other_urn, "1", "cars_of_unknown_adults", days_ago(5))
    post(tracker, FEED, "/v1/indicator-updates", seen)
    merge = {"survivor_id": child, "reason": REASON}
    post(tracker, WORKER, f"/v1/children/{twin['child_id']}/merge", merge)
    score = rated(tracker, child, "11")
    listed = tracker.every(WORKER, "/v1/referrals?limit=200")
    assert {each["id"] for each in listed if each["child_id"] == child} == {
        referral["id"],
        twin["id"],
    }

    # Thursday: the professional judges beside the score, and both are shown.
    judgement = {
        "score_id": score,
        "band": "category_4",
        "reason_code": "other_information",
        "reason": REASON,
        "until": soon,
    }
    post(tracker, WORKER, f"/v1/children/{child}/judgements", judgement)
    shown = tracker.get(WORKER, f"/v1/children/{child}/score")
    assert (shown["total"], shown["band_in_force"]) == ("11", "category_4")

    def urgent() -> bool | None:
        listed = tracker.every(WORKER, "/v1/risk-list?band=category_4&limit=200")
        return child in {each["child_id"] for each in listed} or None

    await_it(urgent, "the child to stand in the risk list with the judged band")

    # Friday: work is done; two people step the case down, and close it.
    move(tracker, WORKER, case_place, "activate", score_id=score)
    for proposal, agreed in (("propose_step_down", "step_down"), ("propose_closure", "close")):
        move(tracker, WORKER, case_place, proposal, score_id=score, next_check_on=soon)
        move(tracker, CHAIR, case_place, agreed)
    assert tracker.get(WORKER, case_place)["status"] == "closed"

    # Next week there is a concern again: the record says that it is not the first.
    again = post(tracker, SYSTEM, "/v1/referrals", {**a_referral(urn), "source_ref": None})
    assert again["child_id"] == child
    assert again["re_referral_of"]["id"] in {referral["id"], twin["id"]}
    history = tracker.get(WORKER, f"{place}/history")["items"]
    assert [each["command"] for each in history] == [
        "receive",
        "start_triage",
        "request_information",
        "resume_triage",
        "accept",
        "allocate",
    ]
