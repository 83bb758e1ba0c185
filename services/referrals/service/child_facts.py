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


class NumberRefusedError(StateError):
    """The number can't be recorded for this child. That another child is known by it isn't said:
    the caller may have no sight of that one (ADR 0031)."""

    code = "number_refused"


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
        NumberRefusedError: the number belongs to another child.
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
        raise NumberRefusedError(
            "This number can't be recorded for this child: check it, and search for it. A child "
            "found by it may be the same one, to be merged, or has it wrongly, to be withdrawn "
            "there. If it is right and finds nobody, ask whoever keeps the records of children."
        ) from None
    return stored
