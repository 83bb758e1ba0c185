"""The end of a referral without help where the rating is high: one proposes, another agrees."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.services.referrals.support import REASON, Referrals, counted, move, rating_changed
from tests.services.referrals.test_cases import step
from tests.services.referrals.test_cases import worker as case_worker

BANDS = [{"id": "low"}, {"id": "medium"}, {"id": "high"}]


def in_triage(referrals: Referrals, **rating: Any) -> str:
    """A referral in triage of a child with this rating."""
    received = referrals.received()
    referrals.move(received["id"], "start_triage")
    if rating:
        referrals.told(rating_changed(received["child_id"], bands=BANDS, **rating))
    return str(received["id"])


def test_a_colleague_agrees_to_what_was_proposed(referrals: Referrals) -> None:
    referral_id = in_triage(referrals, band="high")
    refused = referrals.move(referral_id, "no_further_action")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_proposed")
    assert refused.json()["propose"] == "propose_no_further_action"
    proposed = referrals.move(referral_id, "propose_no_further_action").json()
    assert (proposed["status"], proposed["proposed_by"], proposed["decision"]) == (
        "in_triage",
        "p-test",
        None,
    )
    assert "no_further_action" not in proposed["allowed"]
    own = referrals.move(referral_id, "no_further_action")
    assert (own.status_code, own.json()["code"]) == (403, "second_person_required")
    colleague = referrals.worker(person_id="p-colleague")
    options = colleague.get(f"/v1/referrals/{referral_id}/transitions").json()["items"]
    assert "no_further_action" in [each["command"] for each in options if each["allowed"]]
    agreed = move(colleague, referral_id, "no_further_action").json()
    assert (agreed["status"], agreed["decision"]["decided_by"]) == (
        "no_further_action",
        "p-colleague",
    )
    history = colleague.get(f"/v1/referrals/{referral_id}/history").json()["items"]
    assert [(item["command"], item["by"]) for item in history[2:]] == [
        ("propose_no_further_action", "p-test"),
        ("no_further_action", "p-colleague"),
    ]


def test_a_proposal_is_void_once_something_else_happened(referrals: Referrals) -> None:
    referral_id = in_triage(referrals, band="high")
    referrals.move(referral_id, "propose_no_further_action")
    referrals.move(referral_id, "request_information")
    assert referrals.move(referral_id, "resume_triage").json()["proposed_by"] is None
    colleague = referrals.worker(person_id="p-colleague")
    refused = move(colleague, referral_id, "no_further_action")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_proposed")


def test_a_proposal_is_void_once_a_case_is_opened_or_reopened(referrals: Referrals) -> None:
    referral_id = in_triage(referrals, band="high")
    referrals.move(referral_id, "accept")
    referrals.move(referral_id, "propose_no_further_action")
    colleague = referrals.worker(person_id="p-colleague")
    place = opened(referrals, referral_id)
    for person, command in (("p-one", "propose_transfer"), ("p-two", "transfer")):
        assert step(case_worker(referrals, person), place, command).is_success
    assert refused(colleague, referral_id) == "not_proposed"
    proposed = referrals.move(referral_id, "propose_no_further_action").json()
    assert step(case_worker(referrals, "p-three"), place, "reopen").is_success
    seen = colleague.get(f"/v1/referrals/{referral_id}").json()
    assert (seen["proposed_by"], seen["revision"]) == (None, proposed["revision"] + 1)
    assert seen["decision"]["command"] == "accept"
    history = colleague.get(f"/v1/referrals/{referral_id}/history").json()["items"]
    assert [(each["command"], each["by"], each["to"]) for each in history[3:]] == [
        ("propose_no_further_action", "p-test", "accepted"),
        ("void_proposal", "p-test", "accepted"),
        ("propose_no_further_action", "p-test", "accepted"),
        ("void_proposal", "p-three", "accepted"),
    ]
    assert counted(referrals, "journal", "kind = 'referral.proposal_voided'") == 2


@pytest.mark.parametrize(
    ("rating", "status"),
    [
        ({}, 201),
        ({"band": "low"}, 201),
        ({"band": "medium"}, 201),
        ({"band": "high"}, 409),
        # A judgement stands before the score, both ways.
        ({"band": "low", "judged_band": "high"}, 409),
        ({"band": "high", "judged_band": "low"}, 201),
        # Rated, and nobody knows how high: unknown is not low.
        ({"band": None, "status": "incomplete", "total": None}, 409),
        ({"band": "of another model"}, 409),
    ],
)
def test_it_takes_two_where_the_rating_is_the_highest_or_unknown(
    referrals: Referrals, rating: dict[str, Any], status: int
) -> None:
    referral_id = in_triage(referrals, **rating)
    assert referrals.move(referral_id, "no_further_action").status_code == status


@pytest.mark.parametrize("accepted", [False, True])
def test_a_withdrawal_takes_two_where_the_rating_is_high(
    referrals: Referrals, accepted: bool
) -> None:
    referral_id = in_triage(referrals, band="high")
    if accepted:
        referrals.move(referral_id, "accept")
    refused = referrals.move(referral_id, "withdraw")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_proposed")
    proposed = referrals.move(referral_id, "propose_no_further_action").json()
    assert proposed["status"] == ("accepted" if accepted else "in_triage")
    assert referrals.move(referral_id, "withdraw").json()["code"] == "second_person_required"
    agreed = move(referrals.worker(person_id="p-colleague"), referral_id, "withdraw").json()
    assert (agreed["status"], agreed["proposed_by"]) == ("withdrawn", None)


def opened(referrals: Referrals, referral_id: str) -> str:
    """Open the case of a referral; where it is."""
    body = {"referral_id": referral_id, "reason": REASON}
    return str(case_worker(referrals).post("/v1/cases", json=body).headers["Location"])


def refused(caller: TestClient, referral_id: str) -> str:
    """Why a referral isn't withdrawn."""
    answer = move(caller, referral_id, "withdraw")
    assert not answer.is_success
    return str(answer.json()["code"])


def ended(referrals: Referrals, end: str) -> str:
    """A referral of the same child that was open, or ended in this way before the child was
    rated."""
    received: str = referrals.received()["id"]
    commands = {"received": (), "case_closed": ("accept",)}.get(end, (end,))
    for command in ("start_triage", *commands) if end != "received" else ():
        assert referrals.move(received, command).is_success
    if end == "case_closed":
        place = opened(referrals, received)
        for person, command in (("p-one", "propose_transfer"), ("p-two", "transfer")):
            assert step(case_worker(referrals, person), place, command).is_success
    return received


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("received", 201),
        ("signpost", 201),
        ("no_further_action", 409),
        ("withdraw", 409),
        ("case_closed", 409),
    ],
)
def test_a_duplicate_of_what_is_over_takes_two_where_the_rating_is_high(
    referrals: Referrals, end: str, status: int
) -> None:
    first = ended(referrals, end)
    referral_id = in_triage(referrals, band="high")
    marked = referrals.move(referral_id, "mark_duplicate", duplicate_of=first)
    assert marked.status_code == status
    if status == 409:
        assert marked.json()["code"] == "not_proposed"
        referrals.move(referral_id, "propose_no_further_action")
        colleague = referrals.worker(person_id="p-colleague")
        agreed = move(colleague, referral_id, "mark_duplicate", duplicate_of=first)
        assert agreed.json()["decision"]["duplicate_of"] == first


def test_a_decision_says_when_it_was_agreed_and_not_before_the_proposal(
    referrals: Referrals,
) -> None:
    referral_id = in_triage(referrals, band="high")
    referrals.clock.forward(days=3)
    referrals.move(referral_id, "propose_no_further_action", decided_on="2026-06-03")
    colleague = referrals.worker(person_id="p-colleague")
    early = move(colleague, referral_id, "no_further_action", decided_on="2026-06-02")
    assert [error["code"] for error in early.json()["errors"]] == ["before_the_last_move"]
    assert move(colleague, referral_id, "no_further_action", reason=REASON).is_success


def test_who_was_sent_elsewhere_and_is_not_helped_comes_back_for_a_decision_of_two_people(
    referrals: Referrals,
) -> None:
    referral_id = in_triage(referrals, band="high")
    assert referrals.move(referral_id, "signpost").is_success
    known = referrals.move(referral_id, "record_outcome", outcome="declined").json()
    assert (known["status"], known["signposting_outcome"]) == ("signposted", "declined")
    assert known["clock"] == {
        "waits_for": "decision",
        "due_on": "2026-06-02",
        "paused_since": None,
        "overdue": False,
    }
    referrals.clock.forward(days=2)
    (late,) = referrals.worker().get("/v1/referrals?overdue=true").json()["items"]
    assert (late["id"], late["allowed"]) == (referral_id, ["record_outcome", "reopen"])
    reopened = referrals.move(referral_id, "reopen").json()
    assert (reopened["clock"]["due_on"], reopened["clock"]["overdue"]) == ("2026-06-02", True)
    for command in ("no_further_action", "withdraw"):
        assert referrals.move(referral_id, command).json()["code"] == "not_proposed"
