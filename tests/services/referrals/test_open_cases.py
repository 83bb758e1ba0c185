"""A referral stays accepted while somebody works with the child in its case."""

from functools import partial

from tests.services.referrals.support import REASON, Referrals, move
from tests.services.referrals.test_at_once import at_once
from tests.services.referrals.test_cases import opened, step, worker


def with_open_case(referrals: Referrals) -> tuple[str, str]:
    """A referral, and its case that is being assessed."""
    place = opened(referrals)
    assert step(worker(referrals), place, "start_assessment").is_success
    return worker(referrals).get(place).json()["referral_id"], place


def close(referrals: Referrals, place: str) -> None:
    for person, command in (("p-one", "propose_closure"), ("p-two", "close")):
        assert step(worker(referrals, person), place, command).is_success


def test_it_is_neither_signposted_nor_withdrawn_until_the_case_is_closed(
    referrals: Referrals,
) -> None:
    referral, place = with_open_case(referrals)
    caller = referrals.worker()
    assert caller.get(f"/v1/referrals/{referral}").json()["allowed"] == ["allocate"]
    options = caller.get(f"/v1/referrals/{referral}/transitions").json()["items"]
    why = {each["command"]: each["why_not"] for each in options if each["to"] is not None}
    assert why.pop("allocate") is None
    assert {each["code"] for each in why.values()} == {"case_open"}
    for command in why:
        refused = referrals.move(referral, command)
        assert (refused.status_code, refused.json()["code"]) == (409, "case_open")
        assert refused.json()["detail"] == (
            "The case that follows from this referral is open: close it, or transfer it, first."
        )
    close(referrals, place)
    assert referrals.move(referral, "withdraw").json()["status"] == "withdrawn"


def test_nobody_has_to_be_found_for_a_case_that_was_closed(referrals: Referrals) -> None:
    """A worker is due while the case is open, again once it is reopened, and for a referral that
    was accepted anew."""
    referral, place = with_open_case(referrals)

    def waits() -> str | None:
        caller = referrals.worker()
        late = [each["id"] for each in caller.get("/v1/referrals?overdue=true").json()["items"]]
        clock = caller.get(f"/v1/referrals/{referral}").json()["clock"]
        assert (clock is not None and clock["overdue"]) is (referral in late)
        return None if clock is None else str(clock["waits_for"])

    close(referrals, place)
    referrals.clock.forward(days=30)
    assert waits() is None
    proposed = referrals.move(referral, "propose_no_further_action").json()
    assert proposed["clock"] is None
    assert step(worker(referrals), place, "reopen").is_success
    assert waits() == "allocation"
    for person, command in (("p-one", "propose_transfer"), ("p-two", "transfer")):
        later = {"next_check_on": "2026-07-29"} if command == "propose_transfer" else {}
        assert step(worker(referrals, person), place, command, **later).is_success
    assert waits() is None
    assert referrals.move(referral, "signpost").json()["clock"]["waits_for"] == "follow_up"
    referrals.clock.forward(days=1)
    for command in ("reopen", "accept"):
        assert referrals.move(referral, command).is_success
    assert waits() == "allocation"


def test_a_case_is_not_reopened_once_its_referral_has_come_to_another_end(
    referrals: Referrals,
) -> None:
    referral, place = with_open_case(referrals)
    close(referrals, place)
    assert worker(referrals).get(place).json()["allowed"] == ["reopen"]
    referrals.move(referral, "signpost")
    assert worker(referrals).get(place).json()["allowed"] == []
    refused = step(worker(referrals), place, "reopen")
    assert (refused.status_code, refused.json()["code"]) == (409, "referral_not_accepted")
    for command in ("reopen", "accept"):
        assert referrals.move(referral, command).is_success
    assert step(worker(referrals), place, "reopen").json()["status"] == "assessing"


def test_of_a_case_reopened_and_a_referral_withdrawn_at_once_one_is_refused(
    referrals: Referrals,
) -> None:
    referral, place = with_open_case(referrals)
    close(referrals, place)
    one, other = referrals.worker(), worker(referrals)
    withdrawn, reopened = at_once(
        lambda: move(one, referral, "withdraw"), lambda: step(other, place, "reopen")
    )
    assert sorted((withdrawn.status_code, reopened.status_code)) == [201, 409]


def test_of_a_case_opened_and_a_referral_withdrawn_at_once_one_is_refused(
    referrals: Referrals,
) -> None:
    for number in range(3):
        received = referrals.received(child={"identifiers": [], "given_name": f"Example {number}"})
        for command in ("start_triage", "accept"):
            referrals.move(received["id"], command)
        one, other = referrals.worker(), worker(referrals)
        body = {"referral_id": received["id"], "reason": REASON}
        answers = at_once(
            partial(move, one, received["id"], "withdraw"),
            partial(other.post, "/v1/cases", json=body),
        )
        assert sorted(each.status_code for each in answers) == [201, 409]
        (refused,) = (each.json()["code"] for each in answers if each.status_code == 409)
        assert refused in {"case_open", "referral_not_accepted"}
