"""Finding the child that a referral is about, or creating the child."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from services.referrals.domain.child import Child, GivenChild, Met, meet
from services.referrals.domain.child_records import Records
from services.referrals.store import children
from shared.contracts.events import CHILD_CHANGED, ChildChanged
from shared.contracts.events import Identifier as ToldIdentifier
from shared.domain.errors import StateError, UnavailableError
from shared.ids import new_id
from shared.storage.writing import Writing


class IdentifiersDisagreeError(StateError):
    """The numbers that were sent belong to more than one child."""

    code = "identifiers_disagree"


def find_or_create(transaction: Writing, given: GivenChild) -> tuple[Records, Met]:
    """The child that the exact identifiers find, with what is new added; else a new child. Beside
    the child, the record that the identifiers found, and what differs from it.

    Raises:
        IdentifiersDisagreeError: they belong to more than one child.
    """
    for _ in range(len(given.identifiers) + 1):
        found = children.ids_with(transaction.connection, given.identifiers)
        try:
            with transaction.connection.begin_nested():
                return (
                    _added_to(transaction, found, given) if found else _created(transaction, given)
                )
        except children.NumberTakenError:
            # A request at the same time gave one of the numbers to a child: look again. Each
            # round finds one number more, so there are at most as many rounds as numbers.
            continue
    raise UnavailableError("Others are changing the same child; send it again.")


def tell(transaction: Writing, before: Iterable[Records], after: Iterable[Records]) -> None:
    """Say of every record what became of it; of those that are as they were, nothing."""
    told = {each.child_id: each for records in before for each in _said_of(records)}
    for records in after:
        for said in _said_of(records):
            if told.get(said.child_id) != said:
                transaction.record(CHILD_CHANGED, said.model_dump(mode="json"), said.child_id)


def _created(transaction: Writing, given: GivenChild) -> tuple[Records, Met]:
    new = Child(new_id(), given.identifiers, given.details, given.access)
    children.add(transaction.connection, new, transaction.now)
    tell(transaction, [], [Records(new)])
    return Records(new), Met(new, {})


def _added_to(transaction: Writing, found: set[UUID], given: GivenChild) -> tuple[Records, Met]:
    whole = children.locked(transaction.connection, found)
    if len(whole) > 1:
        raise IdentifiersDisagreeError(
            "The identifiers belong to more than one child here; correct them, or send the "
            "referral with child_id."
        )
    (records,) = whole
    # What is said under one record's number is that record's, should they ever be parted again.
    known = records.record(found.pop()) if len(found) == 1 else records.survivor
    news = given.identifiers - (records.identifiers - known.identifiers)
    met = meet(known, replace(given, identifiers=news), records.access.team)
    after = records.with_record(met.child)
    if after != records:
        children.save(transaction.connection, [records], [after])
        tell(transaction, [records], [after])
    return after, met


def _said_of(records: Records) -> Iterable[ChildChanged]:
    access = records.access
    for record in records:
        # Of the survivor what is known by all records; numbers stay with the record they are of.
        details = records.details if record is records.survivor else record.details
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
        )
