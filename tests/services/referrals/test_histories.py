"""Histories are walked page by page, first to last, like every list; a child's own lists end."""

from typing import Any

from fastapi.testclient import TestClient

from services.referrals.api.child_view import MOST
from tests.services.referrals.support import REASON, Referrals, child, urn

DAY = "2026-06-01"
SESSION = {"topic": "Spotting exploitation early", "audience": "education", "mode": "online"}


def walked(caller: TestClient, path: str) -> list[dict[str, Any]]:
    """Everything behind a path, two at a time; no page holds more."""
    found, link = list[dict[str, Any]](), f"{path}?limit=2"
    while link:
        answer = caller.get(link)
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["items"]) <= 2
        found += answer.json()["items"]
        link = answer.headers.get("Link", "").removeprefix("<").removesuffix('>; rel="next"')
    return found


def test_the_history_of_a_referral_and_whose_work_it_was_are_walked(referrals: Referrals) -> None:
    path = f"/v1/referrals/{referrals.received()['id']}"
    for command in ("start_triage", "accept"):
        referrals.move(path[-36:], command)
    workers = [f"p-{number}" for number in range(3)]
    for worker in workers:
        assert referrals.move(path[-36:], "allocate", worker=worker).is_success
    caller = referrals.worker()
    assert [each["revision"] for each in walked(caller, f"{path}/history")] == [1, 2, 3, 4, 5, 6]
    allocations = walked(caller, f"{path}/allocations")
    assert [(each["worker"], each["until"]) for each in allocations] == [
        ("p-0", DAY),
        ("p-1", DAY),
        ("p-2", None),
    ]
    for part in ("history", "allocations"):
        refused = caller.get(f"{path}/{part}?after=nonsense")
        assert refused.json()["errors"][0]["code"] == "invalid_cursor"


def test_the_history_of_a_case_and_the_revisions_of_its_records_are_walked(
    referrals: Referrals,
) -> None:
    referral_id = referrals.received()["id"]
    for command in ("start_triage", "accept"):
        referrals.move(referral_id, command)
    caller = referrals.client(
        "cases:read", "cases:write", "cases:decide", "health:read", "health:write"
    )
    opening = {"referral_id": referral_id, "reason": REASON}
    place = f"/v1/cases/{caller.post('/v1/cases', json=opening).json()['id']}"
    for command in ("start_assessment", "activate"):
        body = {"command": command, "reason": REASON}
        states = {"score_id": None} if command == "activate" else {}
        assert caller.post(f"{place}/transitions", json={**body, **states}).is_success
    assert [each["revision"] for each in walked(caller, f"{place}/history")] == [1, 2, 3]
    went = {"on": DAY, "attendance": "attended", "by": "p-one"}
    for kind, said in (
        ("contacts", {**went, "kind": "walk"}),
        ("health", {**went, "kind": "sarc_support", "note": "For the nurse."}),
    ):
        record = caller.post(f"{place}/{kind}", json=said).json()["id"]
        for _ in range(2):
            path = f"{place}/{kind}/{record}/corrections"
            assert caller.post(path, json={**said, "reason": REASON}).is_success
        listed = f"{place}/{'records' if kind == 'contacts' else kind}/{record}"
        assert [each["revision"] for each in walked(caller, listed)] == [1, 2, 3]


def test_the_history_of_a_training_session_is_walked(referrals: Referrals) -> None:
    caller = referrals.client("training:read", "training:write")
    session = {**SESSION, "attended": 24, "held_on": DAY}
    place = caller.post("/v1/training-sessions", json=session).headers["Location"]
    for _ in range(2):
        correction = {**session, "attended": 20, "reason": REASON}
        assert caller.post(f"{place}/corrections", json=correction).is_success
    assert [each["revision"] for each in walked(caller, f"{place}/history")] == [1, 2, 3]


def test_a_child_with_ever_more_numbers_and_names_is_shown_within_bounds(
    referrals: Referrals,
) -> None:
    numbers = [urn(f"14/{number}") for number in range(MOST + 2)]
    known = referrals.received(child=child(identifiers=numbers[:1]))["child_id"]
    for first in range(1, len(numbers), 9):
        some = [numbers[0], *numbers[first : first + 9]]
        assert referrals.received(child=child(identifiers=some))["child_id"] == known
    caller = referrals.client("children:read")
    shown = caller.get(f"/v1/children/{known}").json()
    assert (len(shown["identifiers"]), shown["more"]) == (MOST, ["identifiers"])
    other = referrals.received(child=child(identifiers=[urn("15/1")]))["child_id"]
    assert caller.get(f"/v1/children/{other}").json()["more"] == []
