"""Which model is primary, on a day, as known at an instant; and who may decide it."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.scoring.domain.lifecycle import PersonRequiredError, SamePersonError
from services.scoring.domain.primary import (
    AlreadyDecidedError,
    AlreadyPrimaryError,
    Decision,
    NothingInForceError,
    Outcome,
    Primary,
    Proposal,
    check_decision,
    check_effect,
    primary_on,
)

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
FIRST = "seraf"


def proposed(
    model: str, on: str, decided: str | None = None, outcome: str = "confirmed"
) -> Proposal:
    decision = None
    if decided is not None:
        at = datetime.fromisoformat(decided)
        decision = Decision(Outcome(outcome), "p-approver", "because", at, 3)
    return Proposal(UUID(int=1), model, date.fromisoformat(on), "p-author", "why", NOON, decision)


OPEN = proposed("other", "2026-06-01")
TAKEN_BACK = proposed("other", "2026-06-01", "2026-06-02T12:00+00:00", "withdrawn")
CONFIRMED = proposed("other", "2026-06-10", "2026-06-02T12:00+00:00")
LATE = proposed("other", "2026-01-01", "2026-06-02T12:00+00:00")
# In London it is the third of June.
LATE_AT_NIGHT = proposed("other", "2026-01-01", "2026-06-02T23:30+00:00")
BACK = proposed("seraf", "2026-06-20", "2026-06-05T12:00+00:00")
SAME_DAY = proposed("third", "2026-06-10", "2026-06-03T12:00+00:00")
SOONER = proposed("third", "2026-06-07", "2026-06-06T12:00+00:00")


@pytest.mark.parametrize(
    ("proposals", "on", "known_at", "model", "since"),
    [
        ([], "2026-06-01", None, "seraf", None),
        ([OPEN], "2026-06-30", None, "seraf", None),
        ([TAKEN_BACK], "2026-06-30", None, "seraf", None),
        ([CONFIRMED], "2026-06-09", None, "seraf", None),
        ([CONFIRMED], "2026-06-10", None, "other", "2026-06-10"),
        # Never from a day that was over when it was confirmed.
        ([LATE], "2026-06-01", None, "seraf", None),
        ([LATE], "2026-06-02", None, "other", "2026-06-02"),
        ([LATE_AT_NIGHT], "2026-06-02", None, "seraf", None),
        ([LATE_AT_NIGHT], "2026-06-03", None, "other", "2026-06-03"),
        # As known before, and at, the instant of the confirmation.
        ([CONFIRMED], "2026-06-10", "2026-06-02T11:59:59.999999+00:00", "seraf", None),
        ([CONFIRMED], "2026-06-10", "2026-06-02T12:00+00:00", "other", "2026-06-10"),
        # Back, of several the latest that has come, and of one day the one confirmed last.
        ([CONFIRMED, BACK], "2026-06-19", None, "other", "2026-06-10"),
        ([BACK, CONFIRMED], "2026-06-20", None, "seraf", "2026-06-20"),
        ([SAME_DAY, CONFIRMED], "2026-06-10", None, "third", "2026-06-10"),
        ([SOONER, CONFIRMED], "2026-06-09", None, "third", "2026-06-07"),
        ([SOONER, CONFIRMED], "2026-06-10", None, "other", "2026-06-10"),
    ],
)
def test_what_is_primary_on_a_day_as_known_at_an_instant(
    proposals: list[Proposal], on: str, known_at: str | None, model: str, since: str | None
) -> None:
    then = None if known_at is None else datetime.fromisoformat(known_at)
    found = primary_on(FIRST, proposals, date.fromisoformat(on), then)
    assert found == Primary(model, None if since is None else date.fromisoformat(since))


@pytest.mark.parametrize(
    ("proposal", "outcome", "person", "error"),
    [
        (OPEN, Outcome.CONFIRMED, None, PersonRequiredError),
        (OPEN, Outcome.WITHDRAWN, None, PersonRequiredError),
        (OPEN, Outcome.CONFIRMED, "p-author", SamePersonError),
        (CONFIRMED, Outcome.CONFIRMED, "p-third", AlreadyDecidedError),
        (CONFIRMED, Outcome.WITHDRAWN, "p-author", AlreadyDecidedError),
        (TAKEN_BACK, Outcome.CONFIRMED, "p-third", AlreadyDecidedError),
        (OPEN, Outcome.CONFIRMED, "p-other", None),
        (OPEN, Outcome.WITHDRAWN, "p-author", None),
        (OPEN, Outcome.WITHDRAWN, "p-other", None),
    ],
)
def test_another_person_confirms_and_once(
    proposal: Proposal, outcome: Outcome, person: str | None, error: type[Exception] | None
) -> None:
    if error is None:
        assert check_decision(proposal, outcome, person) == person
        return
    with pytest.raises(error):
        check_decision(proposal, outcome, person)


@pytest.mark.parametrize(
    ("others", "counts", "error"),
    [
        ([], True, None),
        ([], False, NothingInForceError),
        ([CONFIRMED], True, AlreadyPrimaryError),
    ],
)
def test_a_confirmation_changes_something_and_leaves_no_child_without_a_score(
    others: list[Proposal], *, counts: bool, error: type[Exception] | None
) -> None:
    day = date(2026, 6, 10)
    if error is None:
        check_effect(OPEN, FIRST, others, day, counts=counts)
        return
    with pytest.raises(error):
        check_effect(OPEN, FIRST, others, day, counts=counts)
