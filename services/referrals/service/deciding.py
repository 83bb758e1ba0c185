"""Moving a referral: status, history and journal entry in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.cases.transitions import CaseStatus
from services.referrals.domain.clocks import followed_up, moved
from services.referrals.domain.commands import Facts, Given, Original
from services.referrals.domain.referral import Referral
from services.referrals.domain.timings import Timings
from services.referrals.domain.transitions import (
    DEMANDS,
    ENDED_WITHOUT_HELP,
    PROPOSAL_VOIDED,
    VOID_PROPOSAL,
    Actor,
    Moved,
    ReferralCommand,
    ReferralStatus,
    decide,
)
from services.referrals.service.acting import actor, mover
from services.referrals.service.clocks import clock_told
from services.referrals.service.reading import referral_in_sight
from services.referrals.store import duplicates, history, ratings, referrals
from shared.contracts.caller import Caller
from shared.domain.errors import ChangedMeanwhileError, PreconditionRequiredError
from shared.domain.london import london_date
from shared.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Order:
    """A command to a referral. `revision_read`: what the caller last saw, if they said so."""

    referral_id: UUID
    command: ReferralCommand
    given: Given
    revision_read: int | None = None


def move(transaction: Writing, caller: Caller, order: Order, timings: Timings) -> Referral:
    """Carry out a command.

    Raises:
        NotFoundError: the referral is absent or out of sight.
        ChangedMeanwhileError: it moved on since the caller read it.
        PreconditionRequiredError: the caller has to say what they read, and didn't.
        ForbiddenError, IllegalTransitionError, InvalidError: as `decide` says.
    """
    connection, command, given = transaction.connection, order.command, order.given
    # Both in one order, so that two who call each other's referral the duplicate don't block.
    referrals.lock(connection, {order.referral_id, given.duplicate_of or order.referral_id})
    referral = referral_in_sight(connection, caller.sight, order.referral_id)
    if order.revision_read not in {None, referral.revision}:
        raise ChangedMeanwhileError("The referral has changed since you read it; read it again.")
    facts = Facts(
        since=history.last_day(connection, referral.referral_id),
        today=london_date(transaction.now),
        score_known=given.score_id is not None
        and ratings.is_known_score(connection, given.score_id, referral.child_id),
        original=_original(connection, referral, given),
    )
    status = decide(referral.status, command, given, mover(caller), facts, referral.gate)
    if DEMANDS[command].revision_read and order.revision_read is None:
        raise PreconditionRequiredError(
            "Send the ETag that you read as If-Match: somebody else may be doing the same."
        )
    made = _made(connection, referral, order, status, actor(caller), transaction.now, facts)
    after = _after(referral, made, timings)
    entry_id = _recorded(transaction, after, made, DEMANDS[command].event)
    referrals.save_move(connection, after, made, entry_id)
    return after


def void_proposal(transaction: Writing, referral: Referral, by: Actor, reason: str) -> None:
    """Somebody works with the child (again): no further action isn't proposed any more. Whoever
    calls this holds the referral's row."""
    if referral.gate.proposed_by is None:
        return
    made = Moved(
        revision=referral.revision + 1,
        at=transaction.now,
        decided_on=london_date(transaction.now),
        command=VOID_PROPOSAL,
        from_status=referral.status,
        to_status=referral.status,
        by=by,
        reason=reason,
        due_on=None if referral.clock is None else referral.clock.due_on,
    )
    gate = replace(referral.gate, proposed_by=None)
    after = replace(referral, revision=made.revision, gate=gate)
    entry_id = _recorded(transaction, after, made, PROPOSAL_VOIDED)
    referrals.save_move(transaction.connection, after, made, entry_id)


def _made(  # noqa: PLR0913  # what a row of the history is made of
    connection: Connection,
    referral: Referral,
    order: Order,
    status: ReferralStatus,
    by: Actor,
    at: datetime,
    facts: Facts,
) -> Moved:
    command, given, clock = order.command, order.given, referral.clock
    return Moved(
        revision=referral.revision + 1,
        at=at,
        decided_on=given.decided_on or facts.today,
        command=command,
        from_status=referral.status,
        to_status=status,
        by=by,
        reason=given.reason,
        destination=given.to,
        service_name=given.service_name,
        worker=given.worker,
        team=given.team,
        duplicate_of=given.duplicate_of,
        outcome=given.outcome,
        due_on=None if clock is None else clock.due_on,
        score_id=given.score_id,
        rating=ratings.current(connection, referral.child_id)
        if DEMANDS[command].decision
        else None,
    )


def _after(referral: Referral, made: Moved, timings: Timings) -> Referral:
    """The referral after a move."""
    proposed = made.command == ReferralCommand.PROPOSE_NO_FURTHER_ACTION
    after = replace(
        referral,
        revision=made.revision,
        gate=replace(referral.gate, proposed_by=made.by.person_id if proposed else None),
    )
    if made.outcome is not None:
        clock = followed_up(referral.clock, made.outcome, made.decided_on, timings)
        return replace(after, outcome=made.outcome, clock=clock)
    if proposed:
        return after
    return replace(
        after,
        status=made.to_status,
        last=made,
        clock=moved(referral.clock, made.to_status, made.decided_on, timings),
        worker=made.worker,
        worker_team=made.team,
        outcome=None,
    )


def _original(connection: Connection, referral: Referral, given: Given) -> Original:
    if given.duplicate_of is None or given.duplicate_of == referral.referral_id:
        return Original()
    found = duplicates.other_of(connection, given.duplicate_of, referral.child_id)
    if found is None:
        return Original()
    status, case = found
    return Original(
        known=True,
        is_duplicate=status is ReferralStatus.DUPLICATE,
        has_duplicates=duplicates.has_duplicates(connection, referral.referral_id),
        over=status in ENDED_WITHOUT_HELP or case is CaseStatus.CLOSED,
    )


def _recorded(transaction: Writing, referral: Referral, last: Moved, event: str) -> UUID:
    return transaction.record(
        event,
        {
            "referral_id": str(referral.referral_id),
            "child_id": str(referral.child_id),
            "revision": last.revision,
            "command": last.command,
            "decided_on": last.decided_on.isoformat(),
            "from": last.from_status,
            "to": last.to_status,
            "client_id": last.by.client_id,
            "person_id": last.by.person_id,
            "reason": last.reason,
            "destination": last.destination,
            "service_name": last.service_name,
            "worker": last.worker,
            "team": last.team,
            "duplicate_of": None if last.duplicate_of is None else str(last.duplicate_of),
            "outcome": last.outcome,
            "due_on": None if last.due_on is None else last.due_on.isoformat(),
            "clock": clock_told(referral.clock),
            "score_id": None if last.score_id is None else str(last.score_id),
            "rating": None if last.rating is None else ratings.rating_json(last.rating),
        },
        referral.child_id,
    )
