"""Taking in what a screening tool says, and telling scoring of it."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.screening import (
    Screening,
    ScreeningRevision,
    faults_of_screening,
)
from services.referrals.service.acting import actor
from services.referrals.service.reading import referral_in_sight
from services.referrals.store import screenings
from shared.contracts.caller import Caller
from shared.contracts.events import SCREENING_ANSWERED, ScreeningAnswer, ScreeningAnswered
from shared.domain.access import Sight
from shared.domain.errors import ChangedMeanwhileError, InvalidError, NotFoundError
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing


def answer(
    transaction: Writing, caller: Caller, referral_id: UUID, record_id: UUID, given: Screening
) -> ScreeningRevision:
    """Store a screening of a referral, made under a record of the child, and tell scoring."""
    new = ScreeningRevision(
        screening_id=new_id(),
        referral_id=referral_id,
        revision=1,
        at=transaction.now,
        by=actor(caller),
        screening=given,
    )
    return _stored(transaction, record_id, new)


def screen(
    transaction: Writing, caller: Caller, referral_id: UUID, given: Screening
) -> ScreeningRevision:
    """Add a screening to a referral that was received.

    Raises:
        NotFoundError: the referral is absent or out of sight.
        InvalidError: what was given breaks a rule; every fault is named.
    """
    referral_in_sight(transaction.connection, caller.sight, referral_id, lock=True)
    _require_sound(transaction, given)
    record_id = screenings.record_of(transaction.connection, referral_id)
    return answer(transaction, caller, referral_id, record_id, given)


@dataclass(frozen=True, slots=True)
class Correction:
    """What a screening really says, why, and which revision of it was read."""

    screening_id: UUID
    given: Screening
    reason: str
    revision_read: int | None


def correct(
    transaction: Writing, caller: Caller, referral_id: UUID, said: Correction
) -> ScreeningRevision:
    """Put other answers in place of a screening's.

    Raises:
        NotFoundError: the referral is absent or out of sight, or has no such screening.
        ChangedMeanwhileError: it was corrected since the caller read it.
        InvalidError: what was given breaks a rule; every fault is named.
    """
    connection = transaction.connection
    referral_in_sight(connection, caller.sight, referral_id, lock=True)
    before = screenings.newest(connection, referral_id, said.screening_id)
    if before is None:
        raise NotFoundError("This referral has no such screening.")
    if said.revision_read not in {None, before.revision}:
        raise ChangedMeanwhileError("The screening was corrected since you read it; read it again.")
    _require_sound(transaction, said.given)
    after = replace(
        before,
        revision=before.revision + 1,
        at=transaction.now,
        by=actor(caller),
        screening=said.given,
        reason=said.reason,
    )
    return _stored(transaction, screenings.record_of(connection, referral_id), after)


def screening_page(
    connection: Connection, sight: Sight, referral_id: UUID, after: UUID | None, limit: int
) -> tuple[UUID, list[ScreeningRevision]]:
    """The child whom a referral is about, and its screenings as they stand, newest first. Raises
    `NotFoundError`."""
    referral = referral_in_sight(connection, sight, referral_id)
    return referral.child_id, screenings.page(connection, referral_id, after, limit)


def _require_sound(transaction: Writing, given: Screening) -> None:
    if errors := list(faults_of_screening(given, london_date(transaction.now), at="")):
        raise InvalidError(errors)


def _stored(transaction: Writing, record_id: UUID, new: ScreeningRevision) -> ScreeningRevision:
    told = ScreeningAnswered(
        screening_id=new.screening_id,
        revision=new.revision,
        child_id=record_id,
        observed_on=new.screening.observed_on,
        answers=tuple(
            ScreeningAnswer(code=each.code, answer=each.answer) for each in new.screening.answers
        ),
    )
    payload = {
        **told.model_dump(mode="json"),
        "referral_id": str(new.referral_id),
        "tool": new.screening.tool,
        "client_id": new.by.client_id,
        "person_id": new.by.person_id,
        "reason": new.reason,
    }
    entry_id = transaction.record(SCREENING_ANSWERED, payload, record_id)
    screenings.add(transaction.connection, new, entry_id)
    return new
