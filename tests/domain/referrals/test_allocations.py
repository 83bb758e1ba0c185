"""Whose work a referral was, out of its history."""

from datetime import UTC, date, datetime

from services.referrals.domain.allocations import allocations
from services.referrals.domain.transitions import Actor, Moved, ReferralStatus


def moves(*made: tuple[str, str, str | None]) -> list[Moved]:
    """Moves by command, day and worker."""
    return [
        Moved(
            revision=number,
            at=datetime(2026, 6, 30, tzinfo=UTC),
            decided_on=date.fromisoformat(day),
            command=command,
            from_status=None,
            to_status=ReferralStatus.ALLOCATED,
            by=Actor("a-client", "p-1"),
            worker=worker,
        )
        for number, (command, day, worker) in enumerate(made, start=1)
    ]


def test_each_worker_has_it_until_the_next_one_does() -> None:
    found = allocations(
        moves(
            ("receive", "2026-06-01", None),
            ("accept", "2026-06-02", None),
            ("allocate", "2026-06-03", "p-7"),
            ("allocate", "2026-06-03", "p-8"),
            ("allocate", "2026-06-20", "p-7"),
        )
    )
    assert [(each.move.worker, str(each.move.decided_on), each.until) for each in found] == [
        ("p-7", "2026-06-03", date(2026, 6, 3)),
        ("p-8", "2026-06-03", date(2026, 6, 20)),
        ("p-7", "2026-06-20", None),
    ]


def test_a_referral_that_nobody_was_given_has_none() -> None:
    assert allocations(moves(("receive", "2026-06-01", None))) == []
