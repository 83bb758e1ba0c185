"""Stating numbers, names and times of being looked after of a child; what was said before stays in
the history."""

from services.referrals.domain.child_facts import (
    Fact,
    Key,
    faults,
    key_of,
    stated,
    whose,
    withdrawn,
)
from services.referrals.domain.child_records import Records
from services.referrals.service.acting import actor
from services.referrals.service.child_editing import Edit, editable
from services.referrals.service.children import settle
from services.referrals.store import children
from shared.contracts.caller import Caller
from shared.domain.errors import InvalidError, NotFoundError, StateError
from shared.domain.london import london_date
from shared.storage.writing import Writing


class NumberTakenError(StateError):
    """Another child is known by the number."""

    code = "number_taken"


def state(
    transaction: Writing, caller: Caller, edit: Edit, fact: Fact, *, known: bool = False
) -> Records:
    """State a fact: a new one, or one of this child's anew (`known`: it has to be there).

    Raises:
        NotFoundError, ReplacedError: the child is absent, out of sight, or known under another id;
            or nothing was said under the fact's id.
        PreconditionRequiredError, ChangedMeanwhileError: the caller doesn't say what they read, or
            it changed since.
        InvalidError: the fact breaks a rule, by itself or beside what else is known.
        NumberTakenError: the number belongs to another child.
    """
    before = editable(transaction, caller, edit)
    if known:
        _require(before, key_of(fact))
    if errors := list(faults(fact, before, london_date(transaction.now))):
        raise InvalidError(errors)
    return _settled(transaction, caller, edit, before, stated(before, fact))


def withdraw(transaction: Writing, caller: Caller, edit: Edit, key: Key) -> Records:
    """Say that a fact isn't true of this child. Raises as `state` does."""
    before = editable(transaction, caller, edit)
    _require(before, key)
    return _settled(transaction, caller, edit, before, withdrawn(before, key))


def _require(records: Records, key: Key) -> None:
    if whose(records, key) is None:
        raise NotFoundError("Nothing of this kind is known of the child under this id or number.")


def _settled(
    transaction: Writing, caller: Caller, edit: Edit, before: Records, after: Records
) -> Records:
    try:
        with transaction.connection.begin_nested():
            (stored,) = settle(transaction, actor(caller), [before], [after], edit.reason)
    except children.NumberTakenError:
        raise NumberTakenError(
            "Another child is known by this number. Are they one child? Then merge them; if not,"
            " the number has to be withdrawn there first."
        ) from None
    return stored
