"""What the journal says of a clock."""

from services.referrals.domain.clocks import Clock
from shared.domain.canonical import Json


def clock_told(clock: Clock | None) -> Json:
    """A clock as an event holds it."""
    if clock is None:
        return None
    return {
        "waits_for": clock.waits_for,
        "due_on": clock.due_on.isoformat(),
        "paused_on": None if clock.paused_on is None else clock.paused_on.isoformat(),
    }
