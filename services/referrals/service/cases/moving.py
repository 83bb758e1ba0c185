"""Opening, reading and moving cases: status, history and journal entry in one transaction."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.cases.case import OPENS_A_CASE, Case, RecordKind
from services.referrals.domain.cases.transitions import (
    DEMANDS,
    OPEN_CASE,
    CaseCommand,
    CaseContext,
    CaseGiven,
    CaseMoved,
    CaseStatus,
    NotAcceptedError,
    decide,
)
from services.referrals.domain.obstacles import PersonRequiredError
from services.referrals.service.acting import actor
from services.referrals.service.deciding import void_proposal
from services.referrals.service.reading import referral_in_sight
from services.referrals.store import case_records, cases, ratings
from shared.contracts.caller import Caller
from shared.domain.access import Sight
from shared.domain.errors import ChangedMeanwhileError, NotFoundError, StateError
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing

OPENED = "case.opened"
DECIDE = "cases:decide"
"""The scope that moves cases."""


class AlreadyOpenedError(StateError):
    """The referral has a case."""

    code = "case_exists"


@dataclass(frozen=True, slots=True)
class CaseOrder:
    """A command to a case. `revision_read`: what the caller last saw, if they said so."""

    case_id: UUID
    command: CaseCommand
    given: CaseGiven
    revision_read: int | None = None


def open_case(transaction: Writing, caller: Caller, referral_id: UUID, reason: str) -> Case:
    """Open the case of an accepted referral.

    Raises:
        NotFoundError: the referral is absent or out of sight.
        PersonRequiredError: no person opens it.
        NotAcceptedError: nobody has accepted the referral (yet, or any more).
        AlreadyOpenedError: it has a case.
    """
    connection, by = transaction.connection, actor(caller)
    referral = referral_in_sight(connection, caller.sight, referral_id, lock=True)
    if by.person_id is None:
        raise PersonRequiredError("A person opens a case; sign in as one.")
    if referral.status not in OPENS_A_CASE:
        raise NotAcceptedError("Accept the referral first.", now=referral.status)
    rating = ratings.current(connection, referral.child_id)
    opened = CaseMoved(
        1, transaction.now, OPEN_CASE, None, CaseStatus.OPEN, by, reason, rating=rating
    )
    case = Case(
        case_id=new_id(),
        child_id=referral.child_id,
        referral_id=referral_id,
        type=referral.type,
        opened_at=transaction.now,
        status=CaseStatus.OPEN,
        revision=1,
        next_check_on=None,
        authority=None,
        last=opened,
        referral_status=referral.status,
    )
    try:
        cases.add(connection, case, _recorded(transaction, case, OPENED))
    except cases.OpenedMeanwhileError:
        raise AlreadyOpenedError("This referral has its case already; reopen that one.") from None
    void_proposal(transaction, referral, by, reason)
    return case


def case_in_sight(
    connection: Connection, sight: Sight, case_id: UUID, *, lock: bool = False
) -> Case:
    """A case; with `lock` nobody else moves it, its actions or its referral until the transaction
    ends.

    Raises:
        NotFoundError: it is absent or out of sight.
    """
    if lock:
        cases.lock(connection, case_id)
    found = cases.seen(connection, case_id, sight)
    if found is None:
        raise NotFoundError("There is no such case, or it is outside what you may see.")
    return found


def case_page(  # noqa: PLR0913  # the filters of the list
    connection: Connection,
    sight: Sight,
    status: CaseStatus | None,
    child_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Case]:
    """Cases newest first, from behind `after`, at most `limit`."""
    return cases.page(connection, sight, status, child_id, after, limit)


def case_history(
    connection: Connection, case: Case, after: int | None, limit: int
) -> list[CaseMoved]:
    """The moves of a case, first to last, from behind a revision, at most `limit`."""
    return cases.moves_of(connection, case.case_id, after, limit)


def has_health(connection: Connection, case: Case) -> bool:
    """Whether the nurse recorded anything."""
    return case_records.has_any(connection, case.case_id, RecordKind.HEALTH)


def context_of(connection: Connection, caller: Caller, case: Case, today: date) -> CaseContext:
    """What a command from this caller would meet, but for the score."""
    return CaseContext(
        person_id=actor(caller).person_id,
        may_decide=DECIDE in caller.scopes,
        last_command=case.last.command,
        last_by=case.last.by.person_id,
        next_check_on=case.last.next_check_on,
        today=today,
        open_high_actions=case_records.open_high_actions(connection, case.case_id),
        referral_accepted=case.referral_status in OPENS_A_CASE,
    )


def move_case(transaction: Writing, caller: Caller, order: CaseOrder) -> Case:
    """Carry out a command.

    Raises:
        NotFoundError: the case is absent or out of sight.
        ChangedMeanwhileError: it moved on since the caller read it.
        ForbiddenError, StateError, InvalidError: as `decide` says.
    """
    connection, given = transaction.connection, order.given
    case = case_in_sight(connection, caller.sight, order.case_id, lock=True)
    if order.revision_read not in {None, case.revision}:
        raise ChangedMeanwhileError("The case has changed since you read it; read it again.")
    context = replace(
        context_of(connection, caller, case, london_date(transaction.now)),
        score_known=given.score_id is not None
        and ratings.is_known_score(connection, given.score_id, case.child_id),
    )
    status = decide(case.status, order.command, given, context)
    agreed = case.last if DEMANDS[order.command].after is not None else None
    moved = CaseMoved(
        revision=case.revision + 1,
        at=transaction.now,
        command=order.command,
        from_status=case.status,
        to_status=status,
        by=actor(caller),
        reason=given.reason or "",
        next_check_on=given.next_check_on if agreed is None else agreed.next_check_on,
        authority=given.authority if agreed is None else agreed.authority,
        proposed_by=None if agreed is None else agreed.by.person_id,
        score_id=given.score_id if agreed is None else agreed.score_id,
        rating=ratings.current(connection, case.child_id),
    )
    after = replace(
        case,
        status=status,
        revision=moved.revision,
        # What was only proposed doesn't hold yet.
        next_check_on=case.next_check_on if agreed is None else moved.next_check_on,
        authority=_authority(case, order.command, moved),
        last=moved,
    )
    event = DEMANDS[order.command].event
    cases.save_move(connection, after, _recorded(transaction, after, event))
    if order.command is CaseCommand.REOPEN:
        referral = referral_in_sight(connection, caller.sight, case.referral_id)
        void_proposal(transaction, referral, moved.by, moved.reason)
    return after


def _authority(case: Case, command: CaseCommand, moved: CaseMoved) -> str | None:
    if command is CaseCommand.TRANSFER:
        return moved.authority
    return None if command is CaseCommand.REOPEN else case.authority


def _recorded(transaction: Writing, case: Case, event: str) -> UUID:
    last = case.last
    return transaction.record(
        event,
        {
            "case_id": str(case.case_id),
            "child_id": str(case.child_id),
            "referral_id": str(case.referral_id),
            "revision": last.revision,
            "command": last.command,
            "from": last.from_status,
            "to": last.to_status,
            "client_id": last.by.client_id,
            "person_id": last.by.person_id,
            "proposed_by": last.proposed_by,
            "reason": last.reason,
            "next_check_on": None if last.next_check_on is None else last.next_check_on.isoformat(),
            "authority": last.authority,
            "score_id": None if last.score_id is None else str(last.score_id),
            "rating": None if last.rating is None else ratings.rating_json(last.rating),
        },
        case.child_id,
    )
