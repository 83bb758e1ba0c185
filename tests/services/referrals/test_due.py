"""By when a referral is decided on and allocated, as a caller reads it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.services.referrals.support import Referrals


def test_a_decision_is_due_on_the_next_working_day_and_overdue_after_it(
    referrals: Referrals,
) -> None:
    received = referrals.received()
    path = f"/v1/referrals/{received['id']}"
    due = {"waits_for": "decision", "due_on": "2026-06-02", "paused_since": None}
    assert received["clock"] == {**due, "overdue": False}
    # Half past eleven in the evening in UTC is Wednesday in London.
    referrals.clock.forward(days=1, hours=14, minutes=30)
    assert referrals.system().get(path).json()["clock"] == {**due, "overdue": True}
    assert referrals.system().get("/v1/referrals").json()["items"][0]["clock"]["overdue"] is True


def test_the_clock_stands_while_information_is_awaited(referrals: Referrals) -> None:
    received = referrals.received()
    referrals.move(received["id"], "start_triage")
    waiting = referrals.move(received["id"], "request_information").json()["clock"]
    assert waiting == {
        "waits_for": "decision",
        "due_on": "2026-06-02",
        "paused_since": "2026-06-01",
        "overdue": False,
    }
    referrals.clock.forward(days=9)
    path = f"/v1/referrals/{received['id']}"
    assert referrals.worker().get(path).json()["clock"] == waiting
    going = referrals.move(received["id"], "resume_triage").json()["clock"]
    assert (going["due_on"], going["paused_since"]) == ("2026-06-11", None)
    assert referrals.move(received["id"], "withdraw").json()["clock"] is None
    history = referrals.worker().get(f"{path}/history").json()["items"]
    assert [item["due_on"] for item in history] == [
        None,
        "2026-06-02",
        "2026-06-02",
        "2026-06-02",
        "2026-06-11",
    ]


def test_an_accepted_referral_waits_for_its_worker(referrals: Referrals) -> None:
    received = referrals.received()
    referrals.move(received["id"], "start_triage")
    accepted = referrals.move(received["id"], "accept").json()["clock"]
    assert (accepted["waits_for"], accepted["due_on"]) == ("allocation", "2026-06-08")
    assert referrals.move(received["id"], "allocate").json()["clock"] is None


@pytest.mark.parametrize(
    "change",
    ["due_on = NULL", "waits_for = NULL", "waits_for = NULL, due_on = NULL, paused_on = due_on"],
)
def test_the_database_keeps_a_clock_whole(referrals: Referrals, change: str) -> None:
    referrals.received()
    statement = f"UPDATE referral SET {change}"  # noqa: S608  # the test's own words
    with pytest.raises(DBAPIError), referrals.service.database.engine.begin() as connection:
        connection.execute(text(statement))
