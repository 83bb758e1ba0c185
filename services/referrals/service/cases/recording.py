"""What was done in a case: contacts, plans, actions, reviews of plans, the nurse's work.

A correction is a row of its own; what was recorded before stays readable.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.cases.case import Case, Record, RecordKind, Which
from services.referrals.domain.cases.recording import faults, is_to_be_done
from services.referrals.domain.cases.transitions import CaseStatus
from services.referrals.service.acting import actor
from services.referrals.service.cases.moving import case_in_sight
from services.referrals.store import case_records
from shared.contracts.caller import Caller
from shared.domain.errors import (
    ChangedMeanwhileError,
    FieldError,
    InvalidError,
    NotFoundError,
    StateError,
)
from shared.ids import new_id
from shared.storage.writing import Writing


class CaseClosedError(StateError):
    """Nothing new is recorded in a closed case; what stands there can still be corrected."""

    code = "case_closed"


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """A record as it was sent. `on_day`: when it took place, or was made."""

    kind: RecordKind
    on_day: date
    content: Mapping[str, Any]
    reason: str | None = None
    withdrawn: bool = False


def record(
    transaction: Writing, caller: Caller, case_id: UUID, given: GivenRecord
) -> tuple[Case, Record]:
    """Store a record.

    Raises:
        NotFoundError: the case is absent or out of sight.
        CaseClosedError: the case is closed.
        InvalidError: its days don't fit, or it names a plan of another case.
    """
    case = case_in_sight(transaction.connection, caller.sight, case_id, lock=True)
    if case.status is CaseStatus.CLOSED:
        raise CaseClosedError("The case is closed; reopen it first.", now=case.status)
    return case, _store(transaction, caller, case, new_id(), 1, given)


def correct(  # noqa: PLR0913  # what is corrected, by whom, and what they had read
    transaction: Writing,
    caller: Caller,
    case_id: UUID,
    record_id: UUID,
    given: GivenRecord,
    revision_read: int | None,
) -> tuple[Case, Record]:
    """Store what a record should say, or that an action was done; in a closed case too.

    Raises:
        NotFoundError: the case is out of sight, or the record is none of its.
        ChangedMeanwhileError: it was corrected since the caller read it.
        CaseClosedError: the case is closed, and something would be to be done again.
        InvalidError: as for `record`.
    """
    connection = transaction.connection
    case = case_in_sight(connection, caller.sight, case_id, lock=True)
    last = _newest(connection, Which(case_id, record_id, {given.kind}))
    if revision_read not in {None, last.revision}:
        raise ChangedMeanwhileError("The record was changed since you read it; read it again.")
    still_to_be_done = is_to_be_done(given.content, withdrawn=given.withdrawn)
    was_to_be_done = is_to_be_done(last.content, withdrawn=last.withdrawn)
    if case.status is CaseStatus.CLOSED and still_to_be_done and not was_to_be_done:
        raise CaseClosedError("The case is closed; reopen it first.", now=case.status)
    return case, _store(transaction, caller, case, record_id, last.revision + 1, given)


def revisions(connection: Connection, which: Which, after: int | None, limit: int) -> list[Record]:
    """The revisions of a record, first to last, from behind one of them, at most `limit`. Raises
    `NotFoundError`."""
    _newest(connection, which)
    return case_records.revisions(connection, which, after, limit)


def _newest(connection: Connection, which: Which) -> Record:
    found = case_records.newest(connection, which)
    if found is None:
        raise NotFoundError("This case has no such record.")
    return found


def record_page(
    connection: Connection,
    case: Case,
    kinds: Collection[RecordKind],
    after: UUID | None,
    limit: int,
) -> list[Record]:
    """Records as they stand, last entered first."""
    return case_records.page(connection, case.case_id, kinds, after, limit)


def _store(  # noqa: PLR0913  # a revision, and who makes it
    transaction: Writing,
    caller: Caller,
    case: Case,
    record_id: UUID,
    revision: int,
    given: GivenRecord,
) -> Record:
    errors = list(faults(given.on_day, given.content, transaction.now))
    plan_id = given.content.get("plan_id")
    if plan_id is not None and not case_records.newest(
        transaction.connection, Which(case.case_id, UUID(plan_id), {RecordKind.PLAN})
    ):
        errors.append(FieldError("/plan_id", "unknown_plan", "Give the id of a plan of this case."))
    if errors:
        raise InvalidError(errors)
    new = Record(
        record_id=record_id,
        case_id=case.case_id,
        kind=given.kind,
        revision=revision,
        at=transaction.now,
        by=actor(caller),
        on_day=given.on_day,
        reason=given.reason,
        content=given.content,
        withdrawn=given.withdrawn,
    )
    entry_id = transaction.record(
        f"case.{given.kind}_{'recorded' if revision == 1 else 'corrected'}",
        {
            "case_id": str(case.case_id),
            "child_id": str(case.child_id),
            "record_id": str(record_id),
            "revision": revision,
            "on": given.on_day.isoformat(),
            "reason": given.reason,
            "withdrawn": given.withdrawn,
            "content": dict(given.content),
            "client_id": new.by.client_id,
            "person_id": new.by.person_id,
        },
        case.child_id,
    )
    try:
        case_records.add(transaction.connection, new, entry_id)
    except case_records.RecordedMeanwhileError:
        raise ChangedMeanwhileError("Somebody else changed it at the same time.") from None
    return new
