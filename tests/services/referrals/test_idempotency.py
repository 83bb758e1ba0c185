"""A sender that isn't sure whether its request arrived sends it again under the same key."""

from typing import Any

import httpx2

from shared.domain.access import Sight
from tests.services.referrals.support import REASON, Referrals, child, counted, move, referral, urn
from tests.services.referrals.test_keeping_up import received, say
from tests.services.referrals.test_screenings import SCREENING

KEY = {"Idempotency-Key": "key-0001"}


def test_the_same_request_again_gets_the_first_answer(referrals: Referrals) -> None:
    system = referrals.system()
    first = system.post("/v1/referrals", json=referral(), headers=KEY)
    referrals.clock.forward(minutes=3)
    again = system.post("/v1/referrals", json=referral(), headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())
    for header in ("Location", "ETag", "Amber-Position"):
        assert again.headers[header] == first.headers[header]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert counted(referrals, "referral") == 1
    assert counted(referrals, "journal") == 2


def test_another_body_under_the_key_is_refused(referrals: Referrals) -> None:
    system = referrals.system()
    system.post("/v1/referrals", json=referral(), headers=KEY)
    response = system.post("/v1/referrals", json=referral(type="cce"), headers=KEY)
    assert response.status_code == 422
    assert [(e["where"], e["pointer"], e["code"]) for e in response.json()["errors"]] == [
        ("header", "/Idempotency-Key", "idempotency_key_reused")
    ]
    assert counted(referrals, "referral") == 1


def test_a_key_is_the_callers_own(referrals: Referrals) -> None:
    referrals.system().post("/v1/referrals", json=referral(), headers=KEY)
    other = referrals.system(client_id="other-system")
    assert other.post("/v1/referrals", json=referral(), headers=KEY).status_code == 201
    assert counted(referrals, "referral") == 2


def test_a_request_that_was_refused_leaves_its_key_free(referrals: Referrals) -> None:
    system = referrals.system()
    system.post("/v1/referrals", json=referral(received_on="2026-06-02"), headers=KEY)
    assert system.post("/v1/referrals", json=referral(), headers=KEY).status_code == 201


def test_a_command_sent_again_moves_once(referrals: Referrals) -> None:
    referral_id, worker = referrals.received()["id"], referrals.worker()
    answers = [move(worker, referral_id, "start_triage", headers=KEY) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert counted(referrals, "referral_history") == 2


def test_a_key_of_another_form_is_refused(referrals: Referrals) -> None:
    response = referrals.system().post(
        "/v1/referrals", json=referral(), headers={"Idempotency-Key": "short"}
    )
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [
        ("/Idempotency-Key", "too_short")
    ]


SCOPES = (
    "referrals:read",
    "referrals:write",
    "referrals:decide",
    "children:read",
    "children:write",
    "children:access",
    "children:merge",
    "cases:read",
    "cases:write",
    "cases:decide",
    "risk:review",
)


def test_what_was_answered_of_a_child_is_not_answered_again_out_of_sight(
    referrals: Referrals,
) -> None:
    worker = referrals.client(*SCOPES, sight=Sight(teams=frozenset({"north"})))
    said = child(access={"team": "north"}, identifiers=[urn("14/1")])
    sent = worker.post("/v1/referrals", json=referral(child=said), headers=KEY)
    of_child = f"/v1/children/{sent.json()['child_id']}"
    of_referral = f"/v1/referrals/{sent.json()['id']}"
    other = referrals.received(child=child(identifiers=[urn("14/2")]))["child_id"]
    look = {"score_id": None, "note": REASON}
    name = {"kind": "also_known_as", "given_name": "Other", "family_name": "Child"}
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("POST", f"{of_referral}/screenings", SCREENING),
        ("POST", f"{of_referral}/transitions", {"command": "start_triage"}),
        (
            "POST",
            f"{of_referral}/transitions",
            {"command": "accept", "reason": REASON, "score_id": None},
        ),
        ("POST", "/v1/cases", {"referral_id": sent.json()["id"], "reason": REASON}),
        ("POST", f"{of_child}/reviews", look),
        ("PATCH", of_child, {"sex": "F"}),
        ("POST", f"{of_child}/names", {**name, "reason": REASON}),
        ("POST", f"/v1/children/{other}/merge", {"survivor_id": of_child[-36:], "reason": REASON}),
        (
            "PUT",
            f"{of_child}/access",
            {"team": "north", "restricted": True, "staff_relative": False, "reason": REASON},
        ),
    ]

    def ask(number: int, tag: str) -> httpx2.Response:
        method, path, body = asked[number]
        key = {"Idempotency-Key": f"key-of-request-{number}", "If-Match": tag}
        return worker.request(method, path, json=body, headers=key)

    for number, (_, path, _body) in enumerate(asked):
        tag = worker.get(of_child).headers["ETag"] if path.startswith(of_child) else "*"
        answer = ask(number, tag)
        assert answer.is_success, answer.text
    before = counted(referrals, "journal")
    again = [ask(number, "*") for number in range(len(asked))]
    # Who hid the child is told again that it is done: that is all that the answer says.
    assert [each.status_code for each in again] == [404] * (len(asked) - 1) + [200]
    assert {each.json()["code"] for each in again[:-1]} == {"not_found"}
    # A sender is told that the concern was taken, as of any child out of sight (ADR 0031).
    taken = worker.post("/v1/referrals", json=referral(child=said), headers=KEY)
    assert (taken.status_code, taken.headers["Idempotent-Replayed"]) == (201, "true")
    hidden = ("child_id", "age_at_referral", "differing_details")
    assert [taken.json()[name] for name in hidden] == [None] * 3
    assert taken.json() | dict.fromkeys(hidden) == {
        **sent.json(),
        **dict.fromkeys(hidden),
        "looked_after_at_referral": None,
        "allowed": [],
    }
    assert counted(referrals, "journal") == before


def test_nor_is_what_was_answered_of_a_record_that_was_parted_and_went_out_of_sight(
    referrals: Referrals,
) -> None:
    """The answers name the survivor, who stays in sight; they tell of all that was the child's."""
    sent = [received(referrals, number) for number in range(3)]
    stays, first, second = (each["child_id"] for each in sent)
    worker = referrals.client(*SCOPES, sight=Sight())
    for merged, survivor in ((second, first), (first, stays)):
        said = {"survivor_id": survivor, "reason": REASON}
        assert worker.post(f"/v1/children/{merged}/merge", json=said).is_success
    again = referral(child=child(identifiers=[urn("14/2")]))

    def part(child_id: str) -> httpx2.Response:
        return worker.post(f"/v1/children/{child_id}/unmerge", json={"reason": REASON})

    def ask() -> list[httpx2.Response]:
        tag = worker.get(f"/v1/children/{stays}").headers["ETag"]
        of_child, patch = f"/v1/children/{stays}", {**KEY, "If-Match": tag}
        return [
            *(move(worker, each["id"], "start_triage", headers=KEY) for each in sent),
            worker.patch(of_child, json={"sex": "F"}, headers=patch),
            worker.post("/v1/referrals", json=again, headers=KEY),
        ]

    asked = ask()
    assert [each.status_code for each in asked] == [201, 201, 201, 200, 201]
    assert part(second).is_success
    assert [each.text for each in ask()] == [each.text for each in asked]
    say(referrals, second, restricted=True)
    assert [each.status_code for each in ask()] == [404, 404, 404, 404, 201]
    assert ask()[-1].json()["child_id"] is None
    assert part(first).is_success
    assert [each.status_code for each in ask()] == [404, 404, 404, 404, 201]
    assert counted(referrals, "referral_history") == 7
    # What is asked after the parting tells of one of them alone.
    for _ in range(2):
        moved = move(worker, sent[0]["id"], "accept", headers={"Idempotency-Key": "key-0002"})
        assert moved.status_code == 201
