"""Entering, correcting and counting training sessions."""

from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.financial_year import FinancialYear
from services.referrals.domain.training import Counts, Session, SessionRevision, counted, faults
from services.referrals.service.acting import actor
from services.referrals.store import training
from shared.contracts.caller import Caller
from shared.domain.errors import ChangedMeanwhileError, InvalidError, NotFoundError
from shared.domain.london import london_date
from shared.ids import new_id
from shared.storage.writing import Writing

HELD, CORRECTED = "training.recorded", "training.corrected"


def enter(transaction: Writing, caller: Caller, given: Session) -> SessionRevision:
    """Store a session. Raises `InvalidError` for one in the future."""
    return _store(transaction, caller, new_id(), 1, None, given)


def correct(  # noqa: PLR0913  # what is corrected, by whom, and what they had read
    transaction: Writing,
    caller: Caller,
    session_id: UUID,
    given: Session,
    reason: str,
    revision_read: int | None,
) -> SessionRevision:
    """Store what a session was, in place of what was known; that stays readable.

    Raises:
        NotFoundError: there is no such session.
        ChangedMeanwhileError: it was corrected since the caller read it.
        InvalidError: it lies in the future.
    """
    before = session(transaction.connection, session_id)
    if revision_read not in {None, before.revision}:
        raise ChangedMeanwhileError("The session was corrected since you read it; read it again.")
    return _store(transaction, caller, session_id, before.revision + 1, reason, given)


def session(connection: Connection, session_id: UUID) -> SessionRevision:
    """A session as it stands. Raises `NotFoundError`."""
    found = training.latest(connection, session_id)
    if found is None:
        raise NotFoundError("There is no such training session.")
    return found


def revisions(
    connection: Connection, session_id: UUID, after: int | None, limit: int
) -> list[SessionRevision]:
    """The revisions of a session, first to last, from behind one of them, at most `limit`."""
    return training.revisions(connection, session_id, after, limit)


def session_page(connection: Connection, after: UUID | None, limit: int) -> list[SessionRevision]:
    """Sessions as they stand, last entered first."""
    return training.page(connection, after, limit)


def counts(connection: Connection, year: FinancialYear) -> Counts:
    """The sessions of a financial year, counted."""
    return counted(training.held_between(connection, year.first_day, year.last_day))


def _store(  # noqa: PLR0913  # a revision and who makes it
    transaction: Writing,
    caller: Caller,
    session_id: UUID,
    revision: int,
    reason: str | None,
    given: Session,
) -> SessionRevision:
    if errors := list(faults(given, london_date(transaction.now))):
        raise InvalidError(errors)
    new = SessionRevision(session_id, revision, transaction.now, actor(caller), reason, given)
    entry_id = transaction.record(
        HELD if revision == 1 else CORRECTED,
        {
            "session_id": str(session_id),
            "revision": revision,
            "topic": given.topic,
            "audience": given.audience,
            "mode": given.mode,
            "attended": given.attended,
            "held_on": given.held_on.isoformat(),
            "cancelled": given.cancelled,
            "reason": reason,
            "client_id": new.by.client_id,
            "person_id": new.by.person_id,
        },
    )
    try:
        training.add(transaction.connection, new, entry_id)
    except training.CorrectedMeanwhileError:
        raise ChangedMeanwhileError("Somebody else corrected it at the same time.") from None
    return new
