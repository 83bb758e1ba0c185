"""Finding the child that a referral is about, or creating the child; storing what became of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.referrals.domain.child import Child, GivenChild, Met, meet
from services.referrals.domain.child_changes import Revision, changes
from services.referrals.domain.child_records import Records
from services.referrals.domain.transitions import Actor
from services.referrals.store import child_history, child_seen_until, children
from shared.contracts.events import CHILD_CHANGED, ChildChanged
from shared.contracts.events import Identifier as ToldIdentifier
from shared.domain.canonical import Json
from shared.domain.errors import StateError, UnavailableError
from shared.ids import new_id
from shared.storage.writing import Writing

RECORD_CHANGED = "record.changed"
"""What changed, from and to; in the journal alone. Others hear `child.changed`."""


class IdentifiersDisagreeError(StateError):
    """The numbers that were sent belong to more than one child. It says the same whoever may see
    them (ADR 0031)."""

    code = "identifiers_disagree"


def find_or_create(transaction: Writing, by: Actor, given: GivenChild) -> tuple[Records, Met]:
    """The child that the exact identifiers find, with what is new added; else a new child. Beside
    the child, the record that the identifiers found, and what differs from it.

    Raises:
        IdentifiersDisagreeError: they belong to more than one child.
    """
    for _ in range(len(given.identifiers) + 1):
        found = children.ids_with(transaction.connection, given.identifiers)
        try:
            with transaction.connection.begin_nested():
                if found:
                    return _added_to(transaction, by, found, given)
                return _created(transaction, by, given)
        except children.NumberTakenError:
            # A request at the same time gave one of the numbers to a child: look again. Each
            # round finds one number more, so there are at most as many rounds as numbers.
            continue
    raise UnavailableError("Others are changing the same child; send it again.")


def settle(
    transaction: Writing,
    by: Actor,
    before: Sequence[Records],
    after: Sequence[Records],
    reason: str | None = None,
) -> list[Records]:
    """Store what became of children, with its history, and tell of it. Returns them as stored.

    Raises:
        NumberTakenError: one of the new identifiers belongs to another child already.
    """
    whose = {record.child_id: records for records in before for record in records}
    stored, history = [], list[Revision]()
    for records in after:
        revision = records.revision
        for record in records:
            found = changes(whose.get(record.child_id), records, record.child_id)
            if not found and record.child_id in whose:
                continue
            revision += 1
            ids = (records.child_id, revision, record.child_id, new_id())
            history.append(Revision(*ids, transaction.now, by, reason, found))
        stored.append(records.with_record(replace(records.survivor, revision=revision)))
    children.save(transaction.connection, before, stored, transaction.now)
    for each in history:
        if each.record_id in whose:
            _journal(transaction, each)
    child_history.add(transaction.connection, history)
    _tell(transaction, before, stored, {each.record_id: each.entry_id for each in history})
    return stored


def _journal(transaction: Writing, step: Revision) -> None:
    payload: dict[str, Json] = {
        "child_id": str(step.child_id),
        "record_id": str(step.record_id),
        "revision": step.revision,
        "changes": [
            {"field": each.field, "from": each.before, "to": each.after} for each in step.changes
        ],
        "reason": step.reason,
        "client_id": step.by.client_id,
        "person_id": step.by.person_id,
    }
    transaction.record(RECORD_CHANGED, payload, step.child_id, step.entry_id)


def _tell(
    transaction: Writing,
    before: Iterable[Records],
    after: Iterable[Records],
    changed: Mapping[UUID, UUID],
) -> None:
    """Say of every record that changed, by itself or through another, what it is now, and keep who
    could see it until then. `changed`: record and entry; that a record is new is told by that entry
    itself."""
    told = {each.child_id: each for records in before for each in _said_of(records)}
    whose = {record.child_id: records for records in before for record in records}
    for records in after:
        for said in _said_of(records):
            if said.child_id in changed or told.get(said.child_id) != said:
                known = whose.get(said.child_id)
                entry_id = changed[said.child_id] if known is None else None
                payload = said.model_dump(mode="json")
                entry_id = transaction.record(CHILD_CHANGED, payload, said.child_id, entry_id)
                if known is not None:
                    connection, access = transaction.connection, known.access
                    child_seen_until.add(connection, said.child_id, access, entry_id)


def _created(transaction: Writing, by: Actor, given: GivenChild) -> tuple[Records, Met]:
    new = Child(new_id(), given.identifiers, given.details, given.access)
    (records,) = settle(transaction, by, [], [Records(new)])
    return records, Met(records.survivor, {})


def _added_to(
    transaction: Writing, by: Actor, found: set[UUID], given: GivenChild
) -> tuple[Records, Met]:
    whole = children.locked(transaction.connection, found)
    if len(whole) > 1:
        raise IdentifiersDisagreeError(
            "The identifiers can't be taken together: check each of them, and send those that you "
            "are sure of, or child_id."
        )
    (records,) = whole
    # What is said under one record's number is that record's, should they ever be parted again.
    known = records.record(found.pop()) if len(found) == 1 else records.survivor
    news = given.identifiers - (records.identifiers - known.identifiers)
    met = meet(known, replace(given, identifiers=news), records.access.team)
    (after,) = settle(transaction, by, [records], [records.with_record(met.child)])
    return after, met


def _said_of(records: Records) -> Iterable[ChildChanged]:
    access = records.access
    for record in records:
        # Of the survivor what is known by all records; numbers stay with the record they are of.
        whole = records if record is records.survivor else Records(record)
        details = whole.details
        yield ChildChanged(
            child_id=record.child_id,
            date_of_birth=details.date_of_birth,
            date_of_birth_estimated=details.date_of_birth_estimated,
            identifiers=tuple(
                ToldIdentifier(type=identifier.type, value=identifier.value)
                for identifier in sorted(record.identifiers)
            ),
            team=access.team,
            restricted=access.restricted,
            staff_relative=access.staff_relative,
            survivor_id=record.survivor_id,
            sex=details.sex,
            ethnicity=details.ethnicity,
            looked_after=whole.looked_after,
        )
