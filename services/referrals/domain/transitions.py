"""From concern to decision: which command moves a referral where, and who may give it.

The tables are the policy. Nothing here follows from a score: a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.commands import (
    Demands,
    Facts,
    Given,
    SignpostDestination,
    SignpostOutcome,
    faults,
)
from services.referrals.domain.obstacles import (
    CaseOpenError,
    IllegalTransitionError,
    MayNotDecideError,
    NotProposedError,
    Obstacle,
    PersonRequiredError,
    SecondPersonError,
)
from services.referrals.domain.rating import Rating
from shared.domain.errors import InvalidError


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    AWAITING_INFORMATION = "awaiting_information"
    ESCALATED = "escalated"
    ACCEPTED = "accepted"
    ALLOCATED = "allocated"
    SIGNPOSTED = "signposted"
    NO_FURTHER_ACTION = "no_further_action"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"


class ReferralCommand(StrEnum):
    """What can be asked of a referral."""

    START_TRIAGE = "start_triage"
    REQUEST_INFORMATION = "request_information"
    RESUME_TRIAGE = "resume_triage"
    ESCALATE = "escalate"
    ACCEPT = "accept"
    ALLOCATE = "allocate"
    SIGNPOST = "signpost"
    RECORD_OUTCOME = "record_outcome"
    PROPOSE_NO_FURTHER_ACTION = "propose_no_further_action"
    NO_FURTHER_ACTION = "no_further_action"
    MARK_DUPLICATE = "mark_duplicate"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


RECEIVE = "receive"
"""The first row of every history."""

VOID_PROPOSAL = "void_proposal"
PROPOSAL_VOIDED = "referral.proposal_voided"
"""No command that anybody gives: a case was opened or reopened while no further action was
proposed, and the proposal doesn't hold any more."""

_S, _C = ReferralStatus, ReferralCommand
TRANSITIONS: Mapping[tuple[ReferralStatus, ReferralCommand], ReferralStatus] = {
    (_S.RECEIVED, _C.START_TRIAGE): _S.IN_TRIAGE,
    (_S.IN_TRIAGE, _C.REQUEST_INFORMATION): _S.AWAITING_INFORMATION,
    (_S.IN_TRIAGE, _C.ESCALATE): _S.ESCALATED,
    (_S.IN_TRIAGE, _C.ACCEPT): _S.ACCEPTED,
    (_S.IN_TRIAGE, _C.SIGNPOST): _S.SIGNPOSTED,
    (_S.IN_TRIAGE, _C.PROPOSE_NO_FURTHER_ACTION): _S.IN_TRIAGE,
    (_S.IN_TRIAGE, _C.NO_FURTHER_ACTION): _S.NO_FURTHER_ACTION,
    (_S.IN_TRIAGE, _C.MARK_DUPLICATE): _S.DUPLICATE,
    (_S.IN_TRIAGE, _C.WITHDRAW): _S.WITHDRAWN,
    # What is heard while waiting may be so grave that nobody waits any longer.
    (_S.AWAITING_INFORMATION, _C.RESUME_TRIAGE): _S.IN_TRIAGE,
    (_S.AWAITING_INFORMATION, _C.ESCALATE): _S.ESCALATED,
    # Out of it a child is taken on, or goes back to triage: never signposted, never closed.
    (_S.ESCALATED, _C.RESUME_TRIAGE): _S.IN_TRIAGE,
    (_S.ESCALATED, _C.ACCEPT): _S.ACCEPTED,
    (_S.ACCEPTED, _C.ALLOCATE): _S.ALLOCATED,
    (_S.ACCEPTED, _C.SIGNPOST): _S.SIGNPOSTED,
    (_S.ACCEPTED, _C.PROPOSE_NO_FURTHER_ACTION): _S.ACCEPTED,
    (_S.ACCEPTED, _C.WITHDRAW): _S.WITHDRAWN,
    (_S.ALLOCATED, _C.ALLOCATE): _S.ALLOCATED,
    (_S.SIGNPOSTED, _C.RECORD_OUTCOME): _S.SIGNPOSTED,
    (_S.SIGNPOSTED, _C.REOPEN): _S.IN_TRIAGE,
    (_S.NO_FURTHER_ACTION, _C.REOPEN): _S.IN_TRIAGE,
    (_S.DUPLICATE, _C.REOPEN): _S.IN_TRIAGE,
    (_S.WITHDRAWN, _C.REOPEN): _S.IN_TRIAGE,
}

DEMANDS: Mapping[ReferralCommand, Demands] = {
    _C.START_TRIAGE: Demands("referral.triage_started", decision=False),
    _C.REQUEST_INFORMATION: Demands("referral.information_requested"),
    _C.RESUME_TRIAGE: Demands("referral.triage_resumed"),
    _C.ESCALATE: Demands("referral.escalated", states_a_score=True),
    _C.ACCEPT: Demands("referral.accepted", states_a_score=True),
    _C.ALLOCATE: Demands("referral.allocated", allocation=True, revision_read=True),
    _C.SIGNPOST: Demands("referral.signposted", states_a_score=True, destination=True),
    _C.RECORD_OUTCOME: Demands("referral.outcome_recorded", outcome=True),
    _C.PROPOSE_NO_FURTHER_ACTION: Demands(
        "referral.no_further_action_proposed", states_a_score=True
    ),
    _C.NO_FURTHER_ACTION: Demands("referral.no_further_action", states_a_score=True),
    _C.MARK_DUPLICATE: Demands("referral.marked_duplicate", original=True),
    _C.WITHDRAW: Demands("referral.withdrawn"),
    _C.REOPEN: Demands("referral.reopened"),
}

SETTLED = frozenset(
    {
        _S.ESCALATED,
        _S.ACCEPTED,
        _S.ALLOCATED,
        _S.SIGNPOSTED,
        _S.NO_FURTHER_ACTION,
        _S.DUPLICATE,
        _S.WITHDRAWN,
    }
)
"""States that a decision led to and that it still holds in."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the consumer, and the person behind it if one is."""

    client_id: str
    person_id: str | None


@dataclass(frozen=True, slots=True)
class By:
    """Who would give a command: a person or not, and whether they may move referrals at all."""

    person_id: str | None
    may_decide: bool = True


ENDS = frozenset(
    {
        _C.SIGNPOST,
        _C.PROPOSE_NO_FURTHER_ACTION,
        _C.NO_FURTHER_ACTION,
        _C.MARK_DUPLICATE,
        _C.WITHDRAW,
    }
)
"""Commands after which nobody here goes on with the referral, or that propose it."""

WITHOUT_HELP = frozenset({_C.NO_FURTHER_ACTION, _C.WITHDRAW})
"""Commands that leave the child without help. A duplicate does so where the referral that stays has
ended without help itself."""

ENDED_WITHOUT_HELP = frozenset({_S.NO_FURTHER_ACTION, _S.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Gate:
    """What the end of a referral has to pass. `high`: the rating in force is the highest there is,
    or nobody knows how high; `proposed_by`: the person who proposed no further action last, with
    nothing since; `case_open`: somebody works with the child in a case that follows from it."""

    high: bool = False
    proposed_by: str | None = None
    case_open: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A row of a referral's history: recorded at an instant, decided on a day that may lie
    before it."""

    revision: int
    at: datetime
    decided_on: date
    command: str
    from_status: ReferralStatus | None
    to_status: ReferralStatus
    by: Actor
    reason: str | None = None
    destination: SignpostDestination | None = None
    service_name: str | None = None
    worker: str | None = None
    team: str | None = None
    duplicate_of: UUID | None = None
    outcome: SignpostOutcome | None = None
    due_on: date | None = None
    """By when something was due before this move."""
    score_id: UUID | None = None
    rating: Rating | None = None


def decide(  # noqa: PLR0913  # a command, and what it meets
    state: ReferralStatus,
    command: ReferralCommand,
    given: Given,
    by: By,
    facts: Facts,
    gate: Gate,
) -> ReferralStatus:
    """The state that a command leads to.

    Raises:
        MayNotDecideError, PersonRequiredError: this caller moves no referral.
        IllegalTransitionError: the command doesn't fit the state.
        CaseOpenError: the case that follows from the referral comes to an end first.
        NotProposedError, SecondPersonError: it takes two people.
        InvalidError: what came with it breaks a rule; every fault is named.
    """
    if (found := obstacle(state, command, by, gate)) is not None:
        raise found
    if errors := list(faults(DEMANDS[command], given, facts)):
        raise InvalidError(errors)
    if facts.original.over and gate.high and (found := _second_person(by, gate)) is not None:
        raise found
    return TRANSITIONS[state, command]


def obstacle(
    state: ReferralStatus, command: ReferralCommand, by: By, gate: Gate
) -> Obstacle | None:
    """What keeps this caller from giving the command now, whatever comes with it."""
    if not by.may_decide:
        return MayNotDecideError("Moving a referral takes the scope referrals:decide.")
    if by.person_id is None:
        return PersonRequiredError("A person moves a referral; sign in as one.")
    if (state, command) not in TRANSITIONS:
        return IllegalTransitionError(
            "The referral's present status doesn't allow this command; `allowed` lists those "
            "that it does.",
            now=state,
            allowed=to_whom(state, gate),
        )
    if command in ENDS and gate.case_open:
        return CaseOpenError(
            "The case that follows from this referral is open: close it, or transfer it, first."
        )
    if command in WITHOUT_HELP and gate.high:
        return _second_person(by, gate)
    return None


def _second_person(by: By, gate: Gate) -> Obstacle | None:
    if gate.proposed_by is None:
        return NotProposedError(
            "The rating is high: a colleague proposes no further action first, and nothing else "
            "happens in between.",
            propose=ReferralCommand.PROPOSE_NO_FURTHER_ACTION,
        )
    if gate.proposed_by == by.person_id:
        return SecondPersonError("You proposed it yourself; a colleague has to agree.")
    return None


def allowed(state: ReferralStatus, by: By, gate: Gate) -> list[ReferralCommand]:
    """The commands that this caller may give now."""
    return [each for each in ReferralCommand if obstacle(state, each, by, gate) is None]


def to_whom(state: ReferralStatus, gate: Gate) -> list[Mapping[str, str]]:
    """The commands that may be given in a state, and to whom: any person who may move referrals,
    or another one than the one who proposed it."""
    found: list[Mapping[str, str]] = []
    for command in ReferralCommand:
        gated = command in WITHOUT_HELP and gate.high
        shut = (command in ENDS and gate.case_open) or (gated and gate.proposed_by is None)
        if (state, command) in TRANSITIONS and not shut:
            found.append({"command": command, "by": "second_person" if gated else "person"})
    return found


def possible_in(command: ReferralCommand) -> list[ReferralStatus]:
    """The states in which a command may be given."""
    return [state for state in ReferralStatus if (state, command) in TRANSITIONS]
