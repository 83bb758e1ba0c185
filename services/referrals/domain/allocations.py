"""Whose work a referral was, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.referrals.domain.transitions import Moved, ReferralCommand


@dataclass(frozen=True, slots=True)
class Allocation:
    """A worker's time with a referral. `until`: the day on which another one took over; None for
    the one whose work it is now."""

    move: Moved
    until: date | None


@dataclass(frozen=True, slots=True)
class Caseload:
    """How many referrals are a worker's to work on."""

    worker: str
    referrals: int


def allocations(moves: Sequence[Moved]) -> list[Allocation]:
    """Every allocation of a referral, the first one first. An allocated referral only goes to
    another worker, so the last one has no end."""
    made = [move for move in moves if move.command == ReferralCommand.ALLOCATE]
    return [
        Allocation(move, None if following is None else following.decided_on)
        for move, following in zip(made, [*made[1:], None][: len(made)], strict=True)
    ]
