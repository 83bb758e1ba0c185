"""Merging two records of one child, and parting them again: by a person, with a reason."""

from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.child_merge import Merge, MergeCommand
from services.referrals.domain.child_records import Records, merge, unmerge
from services.referrals.domain.obstacles import PersonRequiredError
from services.referrals.service.acting import actor
from services.referrals.service.child_reading import NO_SUCH_CHILD, child_in_sight, merged_into
from services.referrals.service.children import settle
from services.referrals.store import child_merges, child_standing, children, duplicates
from shared.contracts.caller import Caller
from shared.domain.access import Sight, may_see
from shared.domain.errors import FieldError, InvalidError, NotFoundError, StateError
from shared.ids import new_id
from shared.storage.writing import Writing

EVENTS = {MergeCommand.MERGE: "child.merged", MergeCommand.UNMERGE: "child.unmerged"}


class SurvivorMergedError(StateError):
    """The child who should stand for both is known under another id."""

    code = "survivor_merged"


class DuplicatesBetweenError(StateError):
    """A referral about one of two children would be the duplicate of one about the other."""

    code = "duplicates_between"


def merge_children(
    transaction: Writing, caller: Caller, child_id: UUID, survivor_id: UUID, reason: str
) -> Merge:
    """Make two records one child, whom the survivor stands for.

    Raises:
        PersonRequiredError: no person merges.
        InvalidError: the two ids are one.
        NotFoundError: one of them is absent or out of sight.
        ReplacedError, SurvivorMergedError: one of them is merged into another already.
        TeamsDifferError: they belong to two teams.
    """
    said = _said(transaction, caller, MergeCommand.MERGE, (child_id, survivor_id), reason)
    if child_id == survivor_id:
        message = "Give the id of another child."
        raise InvalidError([FieldError("/survivor_id", "same_child", message)])
    locked = children.locked(transaction.connection, [child_id, survivor_id])
    child, survivor = (_one_of(locked, caller.sight, each) for each in (child_id, survivor_id))
    if child.child_id != child_id:
        raise merged_into(child.child_id)
    if survivor.child_id != survivor_id:
        raise SurvivorMergedError(
            "The child who should stand for both is known under another id now.",
            survivor_id=str(survivor.child_id),
        )
    after = merge(child, survivor)
    _store(transaction, said, [child, survivor], [after])
    child_standing.stand_together(transaction.connection, survivor_id, child_id, transaction.now)
    return said


def unmerge_child(transaction: Writing, caller: Caller, child_id: UUID, reason: str) -> Merge:
    """Part a record from the child it was merged into: both are again what they were, each with
    what came in since under its own id or numbers.

    Raises:
        PersonRequiredError: no person parts them.
        NotFoundError: the record is absent or out of sight.
        NotMergedError: it stands by itself.
        DuplicatesBetweenError: a referral of one side is the duplicate of one of the other.
    """
    locked = children.locked(transaction.connection, [child_id])
    records = _one_of(locked, caller.sight, child_id)
    parent = records.record(child_id).merged_into
    said = _said(transaction, caller, MergeCommand.UNMERGE, (child_id, parent or child_id), reason)
    parted, left = unmerge(records, child_id)
    sides = [[record.child_id for record in side] for side in (parted, left)]
    if crossing := duplicates.between(transaction.connection, *sides):
        raise DuplicatesBetweenError(
            "Referrals about one of the two are marked as duplicates of the other's: reopen them "
            "first, so that neither child's concern is lost.",
            referrals=[str(each) for each in crossing],
        )
    _store(transaction, said, [records], [parted, left])
    child_standing.stand_apart(transaction.connection, left, transaction.now)
    return said


def merges_of(
    connection: Connection, sight: Sight, child_id: UUID, after: UUID | None, limit: int
) -> list[Merge]:
    """Merges of a child and their undoing, newest first. Raises as `child_in_sight`."""
    records = child_in_sight(connection, sight, child_id)
    ids = [record.child_id for record in records]
    return child_merges.page(connection, sight, ids, after, limit)


def _one_of(locked: list[Records], sight: Sight, child_id: UUID) -> Records:
    for records in locked:
        if child_id in {record.child_id for record in records} and may_see(sight, records.access):
            return records
    raise NotFoundError(NO_SUCH_CHILD)


def _said(
    transaction: Writing,
    caller: Caller,
    command: MergeCommand,
    pair: tuple[UUID, UUID],
    reason: str,
) -> Merge:
    by = actor(caller)
    if by.person_id is None:
        raise PersonRequiredError("A person merges children and parts them; sign in as one.")
    return Merge(new_id(), command, *pair, transaction.now, by, reason)


def _store(transaction: Writing, said: Merge, before: list[Records], after: list[Records]) -> None:
    entry_id = transaction.record(
        EVENTS[said.command],
        {
            "merge_id": str(said.merge_id),
            "child_id": str(said.child_id),
            "survivor_id": str(said.survivor_id),
            "reason": said.reason,
            "client_id": said.by.client_id,
            "person_id": said.by.person_id,
        },
        said.child_id,
    )
    child_merges.add(transaction.connection, said, entry_id)
    settle(transaction, said.by, before, after, said.reason)
