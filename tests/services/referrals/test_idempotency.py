"""A sender that isn't sure whether its request arrived sends it again under the same key."""

from tests.services.referrals.support import Referrals, counted, move, referral

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
