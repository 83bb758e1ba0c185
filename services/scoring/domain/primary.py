"""Which model is primary: whose scores are the children's, unless another is asked for. DESIGN 5.

Two people decide it, like an approval: one proposes with a reason and a day, another confirms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.scoring.domain.lifecycle import PersonRequiredError, SamePersonError
from shared.domain.errors import StateError
from shared.domain.london import london_date


class Outcome(StrEnum):
    """What becomes of a proposal, once."""

    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Decision(NamedTuple):
    """What became of a proposal: who decided, why, when, and how many children had a score then."""

    outcome: Outcome
    person_id: str
    reason: str
    at: datetime
    affected: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody proposes that a model be primary from a day on."""

    proposal_id: UUID
    model: str
    effective_from: date
    person_id: str
    reason: str
    at: datetime
    decision: Decision | None = None

    @property
    def primary_from(self) -> date | None:
        """The first day on which it counts; never one that was over when it was confirmed."""
        if self.decision is None or self.decision.outcome is not Outcome.CONFIRMED:
            return None
        return max(self.effective_from, london_date(self.decision.at))


class Primary(NamedTuple):
    """The primary model, and since when."""

    model: str
    since: date | None
    """None: from the first, by nobody's decision."""


class AlreadyDecidedError(StateError):
    """The proposal has been confirmed or withdrawn."""

    code = "already_decided"


class AlreadyPrimaryError(StateError):
    """The model would be primary on that day without this."""

    code = "already_primary"


class NothingInForceError(StateError):
    """On that day no version of the model would be in force: no child would have a score."""

    code = "nothing_in_force"


def primary_on(
    at_first: str, proposals: Iterable[Proposal], on: date, known_at: datetime | None = None
) -> Primary:
    """The primary model on a day, as known at an instant (None: now): what was confirmed for the
    latest day that has come; of several for one day, what was confirmed last."""
    begun = [
        (first_day, each.decision.at, each.model)
        for each in proposals
        if each.decision is not None
        and (known_at is None or each.decision.at <= known_at)
        and (first_day := each.primary_from) is not None
        and first_day <= on
    ]
    if not begun:
        return Primary(at_first, None)
    since, _, model = max(begun, key=lambda each: each[:2])
    return Primary(model, since)


def check_decision(proposal: Proposal, outcome: Outcome, person_id: str | None) -> str:
    """Who may decide about a proposal: a person; another one, to confirm. Returns the person.

    Raises:
        PersonRequiredError, SamePersonError, AlreadyDecidedError: it isn't this caller's to decide.
    """
    if person_id is None:
        raise PersonRequiredError("Only a named person can decide about weights.")
    if proposal.decision is not None:
        raise AlreadyDecidedError(
            "Somebody has decided about this proposal.", outcome=proposal.decision.outcome
        )
    if outcome is Outcome.CONFIRMED and proposal.person_id == person_id:
        raise SamePersonError("You proposed this; somebody else has to confirm it.")
    return person_id


def check_effect(
    proposal: Proposal, at_first: str, others: Sequence[Proposal], first_day: date, *, counts: bool
) -> None:
    """Whether a confirmation would change what is primary. `counts`: whether a version of the model
    would be in force on its first day.

    Raises:
        AlreadyPrimaryError, NothingInForceError: it wouldn't, or no child would have a score.
    """
    if primary_on(at_first, others, first_day).model == proposal.model:
        raise AlreadyPrimaryError("This model is primary on that day already.")
    if not counts:
        raise NothingInForceError(
            "No version of this model is in force on that day, so no child would have a score;"
            " have one approved first."
        )
