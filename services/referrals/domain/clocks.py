"""What a referral waits for, and until when: clocks that count working days in England.

The clock of a decision stands while information is awaited: what was left of it then is left of
it when triage goes on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from services.referrals.domain.commands import SignpostOutcome
from services.referrals.domain.timings import Timings
from services.referrals.domain.transitions import ReferralStatus
from shared.domain.working_days import working_days_after, working_days_between


class WaitsFor(StrEnum):
    """What somebody has to do next."""

    DECISION = "decision"
    ALLOCATION = "allocation"
    FOLLOW_UP = "follow_up"


WAITS: Mapping[ReferralStatus, WaitsFor] = {
    ReferralStatus.RECEIVED: WaitsFor.DECISION,
    ReferralStatus.IN_TRIAGE: WaitsFor.DECISION,
    ReferralStatus.AWAITING_INFORMATION: WaitsFor.DECISION,
    # To escalate isn't to decide: somebody still has to take the child on.
    ReferralStatus.ESCALATED: WaitsFor.DECISION,
    ReferralStatus.ACCEPTED: WaitsFor.ALLOCATION,
    # Somebody asks what came of it; `followed_up` says what is due then.
    ReferralStatus.SIGNPOSTED: WaitsFor.FOLLOW_UP,
}
"""In every other status nothing is due."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Due by the end of a day. `paused_on`: since when the clock stands."""

    waits_for: WaitsFor
    due_on: date
    paused_on: date | None = None

    def is_overdue(self, today: date) -> bool:
        """Whether the day has passed; for a clock that stands, whether it had when it stopped."""
        return (self.paused_on or today) > self.due_on


def started(waits_for: WaitsFor, on: date, timings: Timings) -> Clock:
    """A clock that starts on a day, which itself doesn't count."""
    days = {
        WaitsFor.DECISION: timings.decision_working_days,
        WaitsFor.ALLOCATION: timings.allocation_working_days,
        WaitsFor.FOLLOW_UP: timings.follow_up_working_days,
    }
    return Clock(waits_for, working_days_after(on, days[waits_for]))


def moved(clock: Clock | None, to: ReferralStatus, on: date, timings: Timings) -> Clock | None:
    """The clock after a referral moved on a day; None where nothing is due any more."""
    waits_for = WAITS.get(to)
    if waits_for is None:
        return None
    if clock is None or clock.waits_for is not waits_for:
        return started(waits_for, on, timings)
    if to is ReferralStatus.AWAITING_INFORMATION:
        return replace(clock, paused_on=on)
    return _resumed(clock, on)


NOBODY_HELPS = frozenset({SignpostOutcome.DECLINED, SignpostOutcome.NOT_SUITABLE})
"""Outcomes of signposting after which somebody decides anew."""


def followed_up(
    clock: Clock | None, outcome: SignpostOutcome, on: date, timings: Timings
) -> Clock | None:
    """The clock after it was recorded what came of signposting. Whoever wasn't reached is tried
    again; where nobody helps, a decision is due, and saying so again doesn't put it off."""
    if outcome is SignpostOutcome.NOT_REACHED:
        return started(WaitsFor.FOLLOW_UP, on, timings)
    if outcome not in NOBODY_HELPS:
        return None
    if clock is not None and clock.waits_for is WaitsFor.DECISION:
        return clock
    return started(WaitsFor.DECISION, on, timings)


def _resumed(clock: Clock, on: date) -> Clock:
    if clock.paused_on is None:
        return clock
    if clock.is_overdue(on):
        # It was late before anybody asked: an answer doesn't make that good.
        return replace(clock, paused_on=None)
    left = working_days_between(clock.paused_on, clock.due_on)
    return replace(clock, due_on=working_days_after(on, left), paused_on=None)
