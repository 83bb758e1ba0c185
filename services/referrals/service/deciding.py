"""Moving a referral: status, history and journal entry in one transaction."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import (
    DEMANDS,
    Context,
    Given,
    Moved,
    ReferralCommand,
    decide,
)
from services.referrals.service.acting import actor
from services.referrals.service.reading import referral_in_sight
from services.referrals.store import ratings, referrals
from shared.contracts.caller import Caller
from shared.domain.errors import ChangedMeanwhileError
from shared.domain.london import london_date
from shared.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Order:
    """A command to a referral. `revision_read`: what the caller last saw, if they said so."""

    referral_id: UUID
    command: ReferralCommand
    given: Given
    revision_read: int | None = None


def move(transaction: Writing, caller: Caller, order: Order) -> Referral:
    """Carry out a command.

    Raises:
        NotFoundError: the referral is absent or out of sight.
        ChangedMeanwhileError: it moved on since the caller read it.
        PersonRequiredError, IllegalTransitionError, InvalidError: as `decide` says.
    """
    connection, by = transaction.connection, actor(caller)
    referral = referral_in_sight(connection, caller.sight, order.referral_id, lock=True)
    if order.revision_read not in {None, referral.revision}:
        raise ChangedMeanwhileError("The referral has changed since you read it; read it again.")
    command, given = order.command, order.given
    context = Context(
        person=by.person_id is not None,
        since=referral.last.decided_on,
        today=london_date(transaction.now),
        score_known=given.score_id is not None
        and ratings.is_known_score(connection, given.score_id, referral.child_id),
    )
    status = decide(referral.status, command, given, context)
    moved = Moved(
        revision=referral.revision + 1,
        at=transaction.now,
        decided_on=given.decided_on or context.today,
        command=command,
        from_status=referral.status,
        to_status=status,
        by=by,
        reason=given.reason,
        destination=given.to,
        service_name=given.service_name,
        worker=given.worker,
        team=given.team,
        score_id=given.score_id,
        rating=ratings.current(connection, referral.child_id)
        if DEMANDS[command].decision
        else None,
    )
    after = replace(referral, status=status, revision=moved.revision, last=moved)
    referrals.save_move(connection, after, _recorded(transaction, after, DEMANDS[command].event))
    return after


def _recorded(transaction: Writing, referral: Referral, event: str) -> UUID:
    last = referral.last
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
            "score_id": None if last.score_id is None else str(last.score_id),
            "rating": None if last.rating is None else ratings.rating_json(last.rating),
        },
        referral.child_id,
    )
