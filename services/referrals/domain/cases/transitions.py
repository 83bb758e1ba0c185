"""The way of a case: which command leads where, what it takes, and the gates.

The tables are the policy. Less support, or none, takes two people: one proposes, another agrees.
Nothing here follows from a score.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.commands import SHORTEST_REASON
from services.referrals.domain.obstacles import (
    IllegalTransitionError,
    MayNotDecideError,
    NotProposedError,
    Obstacle,
    PersonRequiredError,
    SecondPersonError,
)
from services.referrals.domain.rating import Rating
from services.referrals.domain.transitions import Actor
from shared.domain.errors import FieldError, InvalidError, StateError


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ASSESSING = "assessing"
    ACTIVE = "active"
    STEPPING_DOWN = "stepping_down"
    CLOSED = "closed"


class CaseCommand(StrEnum):
    """What can be asked of a case."""

    START_ASSESSMENT = "start_assessment"
    ACTIVATE = "activate"
    PROPOSE_STEP_DOWN = "propose_step_down"
    STEP_DOWN = "step_down"
    STEP_UP = "step_up"
    PROPOSE_CLOSURE = "propose_closure"
    CLOSE = "close"
    PROPOSE_TRANSFER = "propose_transfer"
    TRANSFER = "transfer"
    REOPEN = "reopen"


OPEN_CASE = "open"
"""The first row of every history."""

_S, _C = CaseStatus, CaseCommand
TRANSITIONS: Mapping[tuple[CaseStatus, CaseCommand], CaseStatus] = {
    (_S.OPEN, _C.START_ASSESSMENT): _S.ASSESSING,
    (_S.OPEN, _C.PROPOSE_TRANSFER): _S.OPEN,
    (_S.OPEN, _C.TRANSFER): _S.CLOSED,
    (_S.ASSESSING, _C.ACTIVATE): _S.ACTIVE,
    (_S.ASSESSING, _C.PROPOSE_CLOSURE): _S.ASSESSING,
    (_S.ASSESSING, _C.CLOSE): _S.CLOSED,
    (_S.ASSESSING, _C.PROPOSE_TRANSFER): _S.ASSESSING,
    (_S.ASSESSING, _C.TRANSFER): _S.CLOSED,
    (_S.ACTIVE, _C.PROPOSE_STEP_DOWN): _S.ACTIVE,
    (_S.ACTIVE, _C.STEP_DOWN): _S.STEPPING_DOWN,
    (_S.ACTIVE, _C.PROPOSE_TRANSFER): _S.ACTIVE,
    (_S.ACTIVE, _C.TRANSFER): _S.CLOSED,
    (_S.STEPPING_DOWN, _C.STEP_UP): _S.ACTIVE,
    (_S.STEPPING_DOWN, _C.PROPOSE_CLOSURE): _S.STEPPING_DOWN,
    (_S.STEPPING_DOWN, _C.CLOSE): _S.CLOSED,
    (_S.STEPPING_DOWN, _C.PROPOSE_TRANSFER): _S.STEPPING_DOWN,
    (_S.STEPPING_DOWN, _C.TRANSFER): _S.CLOSED,
    (_S.CLOSED, _C.REOPEN): _S.ASSESSING,
}


@dataclass(frozen=True, slots=True)
class Demands:
    """What a command takes beside a person and a reason. `after`: the proposal that must be the
    last move, made by another person; `accepted`: that the referral holds which it follows from."""

    event: str
    next_check: bool = False
    authority: bool = False
    states_a_score: bool = False
    gated: bool = False
    accepted: bool = False
    after: CaseCommand | None = None

    @property
    def takes(self) -> list[str]:
        """The fields that may come along with it."""
        wanted = {
            "reason": True,
            "next_check_on": self.next_check,
            "authority": self.authority,
            "score_id": self.states_a_score,
        }
        return [name for name, taken in wanted.items() if taken]


DEMANDS: Mapping[CaseCommand, Demands] = {
    _C.START_ASSESSMENT: Demands("case.assessment_started"),
    _C.ACTIVATE: Demands("case.activated", states_a_score=True),
    _C.PROPOSE_STEP_DOWN: Demands(
        "case.step_down_proposed", next_check=True, states_a_score=True, gated=True
    ),
    _C.STEP_DOWN: Demands("case.stepped_down", gated=True, after=_C.PROPOSE_STEP_DOWN),
    _C.STEP_UP: Demands("case.stepped_up", states_a_score=True),
    _C.PROPOSE_CLOSURE: Demands(
        "case.closure_proposed", next_check=True, states_a_score=True, gated=True
    ),
    _C.CLOSE: Demands("case.closed", gated=True, after=_C.PROPOSE_CLOSURE),
    # What is still to be done goes along to the other authority.
    _C.PROPOSE_TRANSFER: Demands(
        "case.transfer_proposed", next_check=True, authority=True, states_a_score=True
    ),
    _C.TRANSFER: Demands("case.transferred", after=_C.PROPOSE_TRANSFER),
    _C.REOPEN: Demands("case.reopened", accepted=True),
}


@dataclass(frozen=True, slots=True)
class CaseGiven:
    """What came with a command."""

    reason: str | None = None
    next_check_on: date | None = None
    authority: str | None = None
    score_id: UUID | None = None
    score_stated: bool = False


@dataclass(frozen=True, slots=True)
class CaseMoved:
    """A row of a case's history. `proposed_by`: who proposed what this person agreed to."""

    revision: int
    at: datetime
    command: str
    from_status: CaseStatus | None
    to_status: CaseStatus
    by: Actor
    reason: str
    next_check_on: date | None = None
    authority: str | None = None
    proposed_by: str | None = None
    score_id: UUID | None = None
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class CaseContext:
    """What a command meets: who gives it and whether they may at all, the move before it, the date
    in London, how many actions of high priority are open, whether the referral is still accepted,
    whether scoring told us of the given score."""

    person_id: str | None
    last_command: str
    last_by: str | None
    next_check_on: date | None
    today: date
    open_high_actions: int = 0
    referral_accepted: bool = True
    score_known: bool = False
    may_decide: bool = True


class NotAcceptedError(StateError):
    """The referral is not one that a case can follow from."""

    code = "referral_not_accepted"


class ActionsOpenError(StateError):
    """What matters most is still to be done."""

    code = "high_priority_actions_open"


def allowed(state: CaseStatus, context: CaseContext) -> list[CaseCommand]:
    """The commands that this caller may give now."""
    return [each for each in CaseCommand if obstacle(state, each, context) is None]


def possible_in(command: CaseCommand) -> list[CaseStatus]:
    """The states in which a command may be given."""
    return [state for state in CaseStatus if (state, command) in TRANSITIONS]


def to_whom(state: CaseStatus, context: CaseContext) -> list[Mapping[str, str]]:
    """The commands that may be given in a state, and to whom: any person who may move cases, or
    another one than the one who proposed it."""
    found: list[Mapping[str, str]] = []
    for command in CaseCommand:
        demands = DEMANDS[command]
        if (state, command) in TRANSITIONS and _shut(demands, context) is None:
            by = "person" if demands.after is None else "second_person"
            found.append({"command": command, "by": by})
    return found


def decide(
    state: CaseStatus, command: CaseCommand, given: CaseGiven, context: CaseContext
) -> CaseStatus:
    """The state that a command leads to.

    Raises:
        MayNotDecideError, PersonRequiredError: this caller moves no case.
        IllegalTransitionError: it doesn't fit the state.
        NotAcceptedError, NotProposedError, SecondPersonError, ActionsOpenError: a gate is shut.
        InvalidError: what came with it breaks a rule; every fault is named.
    """
    if (found := obstacle(state, command, context)) is not None:
        raise found
    if errors := list(_faults(DEMANDS[command], given, context)):
        raise InvalidError(errors)
    return TRANSITIONS[state, command]


def obstacle(state: CaseStatus, command: CaseCommand, context: CaseContext) -> Obstacle | None:
    """What keeps this caller from giving the command now, whatever comes with it."""
    if not context.may_decide:
        return MayNotDecideError("Moving a case takes the scope cases:decide.")
    if context.person_id is None:
        return PersonRequiredError("A person moves a case; sign in as one.")
    if (state, command) not in TRANSITIONS:
        return IllegalTransitionError(
            "The case's present status doesn't allow this command; `allowed` lists those that it"
            " does.",
            now=state,
            allowed=to_whom(state, context),
        )
    demands = DEMANDS[command]
    if (shut := _shut(demands, context)) is not None:
        return shut
    if demands.after is not None and context.last_by == context.person_id:
        return SecondPersonError("You proposed it yourself; a colleague has to agree.")
    return None


def _shut(demands: Demands, context: CaseContext) -> StateError | None:
    """What keeps everybody from giving a command."""
    if demands.accepted and not context.referral_accepted:
        return NotAcceptedError("Reopen the referral that the case follows from, and accept it.")
    if demands.after is not None and context.last_command != demands.after:
        return NotProposedError(
            "A colleague proposes it first, and nothing else happens in between.",
            propose=demands.after,
        )
    if demands.gated and context.open_high_actions:
        return ActionsOpenError(
            "Actions of high priority are open; finish them, or record why they aren't needed.",
            open=context.open_high_actions,
        )
    return None


def _faults(demands: Demands, given: CaseGiven, context: CaseContext) -> Iterator[FieldError]:
    if given.reason is None:
        yield FieldError("/reason", "missing", "Write the reason for the decision.")
    elif len(given.reason) < SHORTEST_REASON:
        yield FieldError("/reason", "too_short", f"Write at least {SHORTEST_REASON} characters.")
    yield from _faults_of_check(demands, given, context)
    if demands.authority and given.authority is None:
        yield FieldError("/authority", "missing", "Name the authority that takes over.")
    if not demands.authority and given.authority is not None:
        yield FieldError("/authority", "not_for_this_command", "Leave this out.")
    if demands.states_a_score and not given.score_stated:
        yield FieldError(
            "/score_id",
            "missing",
            "Give the id of the score that was looked at, or null if none was.",
        )
    if given.score_id is not None and not context.score_known:
        yield FieldError(
            "/score_id", "unknown_score", "Give the id of a score of this child, or null."
        )


def _faults_of_check(
    demands: Demands, given: CaseGiven, context: CaseContext
) -> Iterator[FieldError]:
    if demands.next_check and given.next_check_on is None:
        yield FieldError("/next_check_on", "missing", "Write when somebody looks again.")
    if not demands.next_check and given.next_check_on is not None:
        yield FieldError("/next_check_on", "not_for_this_command", "Leave this out.")
    if demands.next_check and given.next_check_on is not None:
        if given.next_check_on <= context.today:
            yield FieldError("/next_check_on", "not_in_the_future", "Write a day after today.")
    elif demands.after is not None and (context.next_check_on or context.today) < context.today:
        yield FieldError(
            "/next_check_on",
            "passed",
            "The day proposed for looking again has passed; propose anew.",
        )
