"""What comes along with a command, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from shared.domain.errors import FieldError

SHORTEST_REASON, LONGEST_REASON = 20, 2_000


class SignpostDestination(StrEnum):
    """Where a child is signposted to: the Community Youth Team, or a service to be named."""

    CYT = "cyt"
    OTHER = "other"


class SignpostOutcome(StrEnum):
    """What came of signposting a child."""

    ENGAGED = "engaged"
    DECLINED = "declined"
    NOT_REACHED = "not_reached"
    NOT_SUITABLE = "not_suitable"


@dataclass(frozen=True, slots=True)
class Demands:
    """What a command takes beside a person. A decision takes a reason."""

    event: str
    decision: bool = True
    states_a_score: bool = False
    destination: bool = False
    allocation: bool = False
    original: bool = False
    outcome: bool = False
    revision_read: bool = False
    """Whoever gives it says which revision they read."""

    @property
    def takes(self) -> list[str]:
        """The fields that may come along with it."""
        wanted = {
            "reason": True,
            "decided_on": True,
            "score_id": self.states_a_score,
            "to": self.destination,
            "service_name": self.destination,
            "worker": self.allocation,
            "team": self.allocation,
            "duplicate_of": self.original,
            "outcome": self.outcome,
        }
        return [name for name, taken in wanted.items() if taken]


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
    duplicate_of: UUID | None = None
    outcome: SignpostOutcome | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """What a referral meets that is said to be a duplicate of another one."""

    known: bool = False
    """The other one is about the same child."""
    is_duplicate: bool = False
    has_duplicates: bool = False
    """This one is the original of others."""
    over: bool = False
    """Nobody goes on with the other one: it ended without help, or its case is closed."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a command's fields are looked at against. `since`: the day of the move before it, at
    first the day of receipt; `today`: the date in London; `score_known`: scoring has told us of
    the given score for this child."""

    since: date
    today: date
    score_known: bool = False
    original: Original = Original()


def faults(demands: Demands, given: Given, facts: Facts) -> Iterator[FieldError]:
    """Everything wrong with what came along."""
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
    if given.score_id is not None and not facts.score_known:
        yield FieldError(
            "/score_id", "unknown_score", "Give the id of a score of this child, or null."
        )
    yield from _faults_of_destination(demands, given)
    yield from _faults_of_allocation(demands, given)
    yield from _faults_of_original(demands, given, facts.original)
    if demands.outcome and given.outcome is None:
        yield FieldError("/outcome", "missing", "Say what came of it.")
    if not demands.outcome and given.outcome is not None:
        yield FieldError(
            "/outcome", "not_for_this_command", "Leave this out: only record_outcome has it."
        )
    yield from _faults_of_day(given.decided_on, facts)


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
    if demands.allocation and given.worker is None:
        yield FieldError("/worker", "missing", "Name the worker whose work it is.")
    for name, value in (("worker", given.worker), ("team", given.team)):
        if not demands.allocation and value is not None:
            yield FieldError(
                f"/{name}", "not_for_this_command", "Leave this out: only allocate has it."
            )


def _faults_of_original(demands: Demands, given: Given, original: Original) -> Iterator[FieldError]:
    at = "/duplicate_of"
    if not demands.original:
        if given.duplicate_of is not None:
            yield FieldError(
                at, "not_for_this_command", "Leave this out: only mark_duplicate has it."
            )
    elif given.duplicate_of is None:
        yield FieldError(at, "missing", "Give the id of the referral that stays.")
    elif not original.known:
        yield FieldError(
            at, "unknown_referral", "Give the id of another referral about the same child."
        )
    elif original.is_duplicate:
        yield FieldError(
            at, "is_a_duplicate", "Give the referral that this one is a duplicate of itself."
        )
    elif original.has_duplicates:
        yield FieldError(
            at,
            "has_duplicates",
            "Others are duplicates of this referral: mark the other one as a duplicate of it.",
        )


def _faults_of_day(decided_on: date | None, facts: Facts) -> Iterator[FieldError]:
    if decided_on is None:
        return
    if decided_on > facts.today:
        yield FieldError("/decided_on", "in_the_future", "Write today or a day before.")
    elif decided_on < facts.since:
        yield FieldError(
            "/decided_on",
            "before_the_last_move",
            "Write a day on or after the one on which the referral last moved or was received.",
        )
