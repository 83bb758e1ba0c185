"""What a referral waits for, until when, and what waiting for an answer does to that."""

from dataclasses import replace
from datetime import date

import pytest

from services.referrals.domain.clocks import WAITS, Clock, WaitsFor, followed_up, moved
from services.referrals.domain.commands import SignpostOutcome
from services.referrals.domain.timings import Timings
from services.referrals.domain.transitions import ReferralStatus

TIMINGS = Timings(decision_working_days=1, allocation_working_days=5)


def walked(*moves: tuple[str, str], timings: Timings = TIMINGS) -> Clock | None:
    """The clock after moves to statuses, each on a day."""
    clock: Clock | None = None
    for status, day in moves:
        clock = moved(clock, ReferralStatus(status), date.fromisoformat(day), timings)
    return clock


def due(*moves: tuple[str, str], timings: Timings = TIMINGS) -> str | None:
    clock = walked(*moves, timings=timings)
    return None if clock is None else clock.due_on.isoformat()


@pytest.mark.parametrize(
    ("status", "waits_for"),
    [
        ("received", "decision"),
        ("in_triage", "decision"),
        ("awaiting_information", "decision"),
        ("escalated", "decision"),
        ("accepted", "allocation"),
        ("allocated", None),
        ("signposted", "follow_up"),
        ("no_further_action", None),
        ("duplicate", None),
        ("withdrawn", None),
    ],
)
def test_each_status_waits_for_one_thing_or_for_nothing(status: str, waits_for: str | None) -> None:
    assert WAITS.get(ReferralStatus(status)) == waits_for
    clock = walked((status, "2026-06-01"))
    assert (None if clock is None else clock.waits_for) == waits_for


@pytest.mark.parametrize(
    ("received_on", "found"),
    [
        ("2026-06-01", "2026-06-02"),
        ("2026-06-05", "2026-06-08"),
        ("2026-06-06", "2026-06-08"),
        ("2026-04-02", "2026-04-07"),
        ("2026-12-24", "2026-12-29"),
        ("2024-03-28", "2024-04-02"),
        ("2026-03-27", "2026-03-30"),
    ],
)
def test_a_decision_is_due_a_working_day_after_the_receipt(received_on: str, found: str) -> None:
    assert due(("received", received_on)) == found
    # Starting the triage changes nothing of that.
    assert due(("received", received_on), ("in_triage", found)) == found


def test_an_accepted_referral_is_allocated_within_five_working_days() -> None:
    moves = [("received", "2026-12-18"), ("in_triage", "2026-12-18"), ("accepted", "2026-12-21")]
    assert due(*moves) == "2026-12-30"
    assert due(*moves, ("allocated", "2026-12-22")) is None


# Received on Monday 1 June, with three working days: due on Thursday the 4th.
PAUSES = [
    # asked, answered, due
    ("2026-06-01", "2026-06-01", "2026-06-04"),
    ("2026-06-01", "2026-06-02", "2026-06-05"),
    ("2026-06-02", "2026-06-10", "2026-06-12"),
    ("2026-06-03", "2026-06-05", "2026-06-08"),
    # Asked on the day itself: due on the day of the answer, or the next working day.
    ("2026-06-04", "2026-06-10", "2026-06-10"),
    ("2026-06-04", "2026-06-13", "2026-06-15"),
    # Late before anybody asked: an answer doesn't make that good.
    ("2026-06-05", "2026-06-10", "2026-06-04"),
    # Over a bank holiday.
    ("2026-06-03", "2026-08-28", "2026-09-01"),
]


@pytest.mark.parametrize(("asked", "answered", "found"), PAUSES)
@pytest.mark.parametrize("then", ["in_triage", "escalated"])
def test_what_was_left_when_it_was_asked_is_left_when_it_is_answered(
    asked: str, answered: str, found: str, then: str
) -> None:
    timings = Timings(decision_working_days=3)
    moves = [
        ("received", "2026-06-01"),
        ("in_triage", "2026-06-01"),
        ("awaiting_information", asked),
    ]
    waiting = walked(*moves, timings=timings)
    assert waiting is not None
    assert (waiting.due_on.isoformat(), waiting.paused_on) == (
        "2026-06-04",
        date.fromisoformat(asked),
    )
    after = walked(*moves, (then, answered), timings=timings)
    assert after == Clock(WaitsFor.DECISION, date.fromisoformat(found))


def test_two_pauses_take_from_one_rest() -> None:
    moves = [
        ("received", "2026-06-01"),
        ("in_triage", "2026-06-01"),
        ("awaiting_information", "2026-06-02"),
        ("in_triage", "2026-06-08"),  # two days left: Wednesday the 10th
        ("awaiting_information", "2026-06-09"),
        ("in_triage", "2026-06-15"),  # one day left
    ]
    assert due(*moves, timings=Timings(decision_working_days=3)) == "2026-06-16"


def test_a_reopened_referral_has_a_clock_of_its_own() -> None:
    moves = [("received", "2026-06-01"), ("withdrawn", "2026-06-01"), ("in_triage", "2026-06-12")]
    assert due(*moves) == "2026-06-15"


@pytest.mark.parametrize(
    ("paused_on", "today", "overdue"),
    [
        (None, "2026-06-03", False),
        (None, "2026-06-04", False),
        (None, "2026-06-05", True),
        ("2026-06-04", "2026-06-30", False),
        ("2026-06-05", "2026-06-05", True),
    ],
)
def test_it_is_overdue_once_the_day_has_passed_unless_the_clock_stands(
    paused_on: str | None, today: str, overdue: bool
) -> None:
    since = None if paused_on is None else date.fromisoformat(paused_on)
    clock = Clock(WaitsFor.DECISION, date(2026, 6, 4), since)
    assert clock.is_overdue(date.fromisoformat(today)) is overdue


@pytest.mark.parametrize(
    ("outcome", "waits_for", "due_on"),
    [
        ("engaged", None, None),
        # Somebody tries again.
        ("not_reached", "follow_up", "2026-06-29"),
        # Nobody helps: somebody decides anew.
        ("declined", "decision", "2026-06-02"),
        ("not_suitable", "decision", "2026-06-02"),
    ],
)
def test_somebody_asks_what_came_of_signposting_and_decides_anew_where_nobody_helps(
    outcome: str, waits_for: str | None, due_on: str | None
) -> None:
    timings = replace(TIMINGS, follow_up_working_days=20)
    before = walked(("signposted", "2026-05-01"), timings=timings)
    assert before == Clock(WaitsFor.FOLLOW_UP, date(2026, 6, 2))
    clock = followed_up(before, SignpostOutcome(outcome), date(2026, 6, 1), timings)
    assert (None if clock is None else clock.waits_for) == waits_for
    assert (None if clock is None else clock.due_on.isoformat()) == due_on


@pytest.mark.parametrize("outcome", ["declined", "not_suitable"])
def test_a_decision_that_is_due_is_not_put_off_by_recording_the_outcome_again(outcome: str) -> None:
    late = Clock(WaitsFor.DECISION, date(2026, 6, 2))
    assert followed_up(late, SignpostOutcome(outcome), date(2026, 6, 9), TIMINGS) == late
    assert moved(late, ReferralStatus.IN_TRIAGE, date(2026, 6, 9), TIMINGS) == late


def test_whoever_declined_may_be_asked_again() -> None:
    due_for_a_decision = Clock(WaitsFor.DECISION, date(2026, 6, 2))
    again = followed_up(due_for_a_decision, SignpostOutcome.NOT_REACHED, date(2026, 6, 1), TIMINGS)
    assert again is not None
    assert again.waits_for is WaitsFor.FOLLOW_UP
