"""From concern to decision: which command moves a referral where, and what it takes.

The two tables are the policy. Nothing here follows from a score: a person decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.rating import Rating
from shared.domain.errors import FieldError, ForbiddenError, InvalidError, StateError

SHORTEST_REASON, LONGEST_REASON = 20, 2_000


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    RECEIVED = "received"
    IN_TRIAGE = "in_triage"
    ACCEPTED = "accepted"
    ALLOCATED = "allocated"
    SIGNPOSTED = "signposted"
    NO_FURTHER_ACTION = "no_further_action"
    WITHDRAWN = "withdrawn"


class ReferralCommand(StrEnum):
    """What can be asked of a referral."""

    START_TRIAGE = "start_triage"
    ACCEPT = "accept"
    ALLOCATE = "allocate"
    SIGNPOST = "signpost"
    NO_FURTHER_ACTION = "no_further_action"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


RECEIVE = "receive"
"""The first row of every history."""


class SignpostDestination(StrEnum):
    """Where a child is signposted to: the Community Youth Team, or a service to be named."""

    CYT = "cyt"
    OTHER = "other"


TRANSITIONS: Mapping[tuple[ReferralStatus, ReferralCommand], ReferralStatus] = {
    (ReferralStatus.RECEIVED, ReferralCommand.START_TRIAGE): ReferralStatus.IN_TRIAGE,
    (ReferralStatus.IN_TRIAGE, ReferralCommand.ACCEPT): ReferralStatus.ACCEPTED,
    (ReferralStatus.IN_TRIAGE, ReferralCommand.SIGNPOST): ReferralStatus.SIGNPOSTED,
    (ReferralStatus.IN_TRIAGE, ReferralCommand.NO_FURTHER_ACTION): ReferralStatus.NO_FURTHER_ACTION,
    (ReferralStatus.IN_TRIAGE, ReferralCommand.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.ACCEPTED, ReferralCommand.ALLOCATE): ReferralStatus.ALLOCATED,
    (ReferralStatus.ACCEPTED, ReferralCommand.SIGNPOST): ReferralStatus.SIGNPOSTED,
    (ReferralStatus.ACCEPTED, ReferralCommand.WITHDRAW): ReferralStatus.WITHDRAWN,
    (ReferralStatus.ALLOCATED, ReferralCommand.ALLOCATE): ReferralStatus.ALLOCATED,
    (ReferralStatus.SIGNPOSTED, ReferralCommand.REOPEN): ReferralStatus.IN_TRIAGE,
    (ReferralStatus.NO_FURTHER_ACTION, ReferralCommand.REOPEN): ReferralStatus.IN_TRIAGE,
    (ReferralStatus.WITHDRAWN, ReferralCommand.REOPEN): ReferralStatus.IN_TRIAGE,
}


@dataclass(frozen=True, slots=True)
class Demands:
    """What a command takes beside a person. A decision takes a reason."""

    event: str
    decision: bool = True
    states_a_score: bool = False
    destination: bool = False
    allocation: bool = False


DEMANDS: Mapping[ReferralCommand, Demands] = {
    ReferralCommand.START_TRIAGE: Demands("referral.triage_started", decision=False),
    ReferralCommand.ACCEPT: Demands("referral.accepted", states_a_score=True),
    ReferralCommand.ALLOCATE: Demands("referral.allocated", allocation=True),
    ReferralCommand.SIGNPOST: Demands("referral.signposted", states_a_score=True, destination=True),
    ReferralCommand.NO_FURTHER_ACTION: Demands("referral.no_further_action", states_a_score=True),
    ReferralCommand.WITHDRAW: Demands("referral.withdrawn"),
    ReferralCommand.REOPEN: Demands("referral.reopened"),
}

SETTLED = frozenset(
    {
        ReferralStatus.ACCEPTED,
        ReferralStatus.ALLOCATED,
        ReferralStatus.SIGNPOSTED,
        ReferralStatus.NO_FURTHER_ACTION,
        ReferralStatus.WITHDRAWN,
    }
)
"""States that a decision led to and that it still holds in."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the consumer, and the person behind it if one is."""

    client_id: str
    person_id: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a command. `score_stated`: a score's id was given, or null in so many
    words. `decided_on` left out means today."""

    reason: str | None = None
    to: SignpostDestination | None = None
    service_name: str | None = None
    score_id: UUID | None = None
    score_stated: bool = False
    worker: str | None = None
    team: str | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What a command meets. `since`: the day of the move before it, at first the day of receipt;
    `today`: the date in London; `score_known`: scoring has told us of the given score for this
    child."""

    person: bool
    since: date
    today: date
    score_known: bool = False


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
    score_id: UUID | None = None
    rating: Rating | None = None


class IllegalTransitionError(StateError):
    """The command doesn't fit the state; `allowed` says which do, and to whom."""

    code = "illegal_transition"


class PersonRequiredError(ForbiddenError):
    """A command by something that isn't a person."""

    code = "person_required"


def allowed(state: ReferralStatus, *, person: bool) -> list[ReferralCommand]:
    """The commands that may be given in a state: a person's; a machine moves nothing."""
    return [command for command in ReferralCommand if person and (state, command) in TRANSITIONS]


def decide(
    state: ReferralStatus, command: ReferralCommand, given: Given, context: Context
) -> ReferralStatus:
    """The state that a command leads to.

    Raises:
        PersonRequiredError: no person gives it.
        IllegalTransitionError: it doesn't fit the state.
        InvalidError: what came with it breaks a rule; every fault is named.
    """
    if not context.person:
        raise PersonRequiredError("A person moves a referral; sign in as one.")
    if (state, command) not in TRANSITIONS:
        raise IllegalTransitionError(
            "The referral's present status doesn't allow this command; `allowed` lists those "
            "that it does.",
            now=state,
            allowed=[
                {"command": fitting, "by": "person"} for fitting in allowed(state, person=True)
            ],
        )
    if errors := list(_faults(DEMANDS[command], given, context)):
        raise InvalidError(errors)
    return TRANSITIONS[state, command]


def _faults(demands: Demands, given: Given, context: Context) -> Iterator[FieldError]:
    if demands.decision and given.reason is None:
        yield FieldError("/reason", "missing", "Write the reason for the decision.")
    elif demands.decision and len(given.reason or "") < SHORTEST_REASON:
        yield FieldError("/reason", "too_short", f"Write at least {SHORTEST_REASON} characters.")
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
    yield from _faults_of_destination(demands, given)
    yield from _faults_of_allocation(demands, given)
    yield from _faults_of_day(given.decided_on, context)


def _faults_of_destination(demands: Demands, given: Given) -> Iterator[FieldError]:
    to_other = demands.destination and given.to is SignpostDestination.OTHER
    if demands.destination and given.to is None:
        yield FieldError("/to", "missing", "Say where to: cyt or other.")
    if not demands.destination and given.to is not None:
        yield FieldError("/to", "not_for_this_command", "Leave this out: only signpost has it.")
    if to_other and given.service_name is None:
        yield FieldError("/service_name", "missing", "Name the service signposted to.")
    if not to_other and given.service_name is not None:
        yield FieldError(
            "/service_name", "not_for_this_command", "Leave this out, unless to is other."
        )


def _faults_of_allocation(demands: Demands, given: Given) -> Iterator[FieldError]:
    if demands.allocation and given.worker is None and given.team is None:
        yield FieldError("/worker", "missing", "Name the worker, the team, or both.")
    for name, value in (("worker", given.worker), ("team", given.team)):
        if not demands.allocation and value is not None:
            yield FieldError(
                f"/{name}", "not_for_this_command", "Leave this out: only allocate has it."
            )


def _faults_of_day(decided_on: date | None, context: Context) -> Iterator[FieldError]:
    if decided_on is None:
        return
    if decided_on > context.today:
        yield FieldError("/decided_on", "in_the_future", "Write today or a day before.")
    elif decided_on < context.since:
        yield FieldError(
            "/decided_on",
            "before_the_last_move",
            "Write a day on or after the one on which the referral last moved or was received.",
        )
