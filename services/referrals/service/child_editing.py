"""Changing what is known of a child, and who may see the child: with a history, and never against
what somebody else wrote meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.child_changes import Revision, named, without_named
from services.referrals.domain.child_editing import faults
from services.referrals.domain.child_records import Records
from services.referrals.domain.obstacles import PersonRequiredError
from services.referrals.service.acting import actor
from services.referrals.service.child_reading import NO_SUCH_CHILD, child_in_sight, merged_into
from services.referrals.service.children import settle
from services.referrals.store import child_history, children
from shared.contracts.caller import Caller
from shared.domain.access import AccessFacts, Sight, may_see
from shared.domain.errors import (
    ChangedMeanwhileError,
    InvalidError,
    NotFoundError,
    PreconditionRequiredError,
)
from shared.domain.london import london_date
from shared.storage.writing import Writing


@dataclass(frozen=True, slots=True)
class Edit:
    """Which child, as of which revision the caller read, and why."""

    child_id: UUID
    revision_read: int | None
    reason: str | None = None


def edit_details(
    transaction: Writing, caller: Caller, edit: Edit, details: Mapping[str, Any]
) -> Records:
    """Put new details in place of what was known. `details`: of `Details`, by name.

    Raises:
        NotFoundError, ReplacedError: the child is absent, out of sight, or known under another id.
        PreconditionRequiredError, ChangedMeanwhileError: the caller doesn't say what they read, or
            it changed since.
        InvalidError: what the child would be then breaks a rule.
    """
    before = editable(transaction, caller, edit)
    record = replace(before.survivor, details=replace(before.survivor.details, **details))
    if errors := list(faults(record.details, before, london_date(transaction.now))):
        raise InvalidError(errors)
    return _settled(transaction, caller, edit, before, before.with_record(record))


def set_access(transaction: Writing, caller: Caller, edit: Edit, access: AccessFacts) -> Records:
    """Say who may see a child: of all records, merged ones too.

    Raises:
        PersonRequiredError: no person says so.
        NotFoundError and others: as `edit_details`.
    """
    if actor(caller).person_id is None:
        raise PersonRequiredError("A person says who may see a child; sign in as one.")
    before = editable(transaction, caller, edit)
    after = Records(
        replace(before.survivor, access=access),
        tuple(replace(record, access=access) for record in before.merged),
    )
    return _settled(transaction, caller, edit, before, after)


def editable(transaction: Writing, caller: Caller, edit: Edit) -> Records:
    """A child in sight, locked, as the caller has read it. Raises as `edit_details` says."""
    found = children.locked(transaction.connection, [edit.child_id])
    if not found or not may_see(caller.sight, found[0].access):
        raise NotFoundError(NO_SUCH_CHILD)
    (records,) = found
    if records.child_id != edit.child_id:
        raise merged_into(records.child_id)
    if edit.revision_read is None:
        raise PreconditionRequiredError("Send the ETag that you read as If-Match.")
    if edit.revision_read != records.revision:
        raise ChangedMeanwhileError("The child has changed since you read it; read it again.")
    return records


def history_of(
    connection: Connection, sight: Sight, child_id: UUID, after: UUID | None, limit: int
) -> list[Revision]:
    """What changed about a child, newest first; of other records that it was merged with, what the
    reader may see. Raises as `child_in_sight`."""
    records = child_in_sight(connection, sight, child_id)
    ids = [record.child_id for record in records]
    steps = child_history.page(connection, ids, after, limit)
    others = frozenset().union(*map(named, steps))
    seen = children.in_sight(connection, sight, others)
    return [step if named(step) <= seen else without_named(step) for step in steps]


def _settled(
    transaction: Writing, caller: Caller, edit: Edit, before: Records, after: Records
) -> Records:
    (stored,) = settle(transaction, actor(caller), [before], [after], edit.reason)
    return stored
