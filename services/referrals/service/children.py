"""Finding the child that a referral is about, or creating the child."""

from uuid import UUID

from services.referrals.domain.child import Child, GivenChild, Met, meet
from services.referrals.store import children
from shared.contracts.events import CHILD_CHANGED, ChildChanged
from shared.contracts.events import Identifier as ToldIdentifier
from shared.domain.errors import StateError, UnavailableError
from shared.ids import new_id
from shared.storage.writing import Writing


class IdentifiersDisagreeError(StateError):
    """The numbers that were sent belong to more than one child."""

    code = "identifiers_disagree"


def find_or_create(transaction: Writing, given: GivenChild) -> Met:
    """The child that the exact identifiers find, with what is new added; else a new child.

    Raises:
        IdentifiersDisagreeError: they belong to more than one child.
    """
    for _ in range(len(given.identifiers) + 1):
        found = children.ids_with(transaction.connection, given.identifiers)
        if len(found) > 1:
            raise IdentifiersDisagreeError(
                "The identifiers belong to more than one child here; correct them, or send the "
                "referral with child_id."
            )
        try:
            with transaction.connection.begin_nested():
                return (
                    _added_to(transaction, found.pop(), given)
                    if found
                    else _created(transaction, given)
                )
        except children.NumberTakenError:
            # A request at the same time gave one of the numbers to a child: look again. Each
            # round finds one number more, so there are at most as many rounds as numbers.
            continue
    raise UnavailableError("Others are changing the same child; send it again.")


def _created(transaction: Writing, given: GivenChild) -> Met:
    new = Child(new_id(), given.identifiers, given.details, given.access)
    children.add(transaction.connection, new, transaction.now)
    _tell(transaction, new)
    return Met(new, {})


def _added_to(transaction: Writing, child_id: UUID, given: GivenChild) -> Met:
    known = children.locked(transaction.connection, child_id)
    met = meet(known, given)
    if met.child != known:
        children.save(transaction.connection, known, met.child)
        _tell(transaction, met.child)
    return met


def _tell(transaction: Writing, child: Child) -> None:
    changed = ChildChanged(
        child_id=child.child_id,
        date_of_birth=child.details.date_of_birth,
        date_of_birth_estimated=child.details.date_of_birth_estimated,
        identifiers=tuple(
            ToldIdentifier(type=identifier.type, value=identifier.value)
            for identifier in sorted(child.identifiers)
        ),
        team=child.access.team,
        restricted=child.access.restricted,
        staff_relative=child.access.staff_relative,
    )
    transaction.record(CHILD_CHANGED, changed.model_dump(mode="json"), child.child_id)
