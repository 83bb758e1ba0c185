"""Deciding which model is primary: one person proposes, another confirms. DESIGN 5."""

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from services.scoring.domain.lifecycle import PersonRequiredError
from services.scoring.domain.primary import (
    Decision,
    Outcome,
    Primary,
    Proposal,
    check_decision,
    check_effect,
    primary_on,
)
from services.scoring.domain.versions import in_force
from services.scoring.service.steps import UnknownVersionError
from services.scoring.store.primary import (
    add_decision,
    add_proposal,
    all_decided,
    one_proposal,
)
from services.scoring.store.versions import all_versions, children_scored
from shared.contracts.caller import Caller
from shared.domain.errors import NotFoundError
from shared.ids import new_id
from shared.storage.writing import Writing

PROPOSED = "model.primary_proposed"
KINDS = {
    Outcome.CONFIRMED: "model.primary_confirmed",
    Outcome.WITHDRAWN: "model.primary_withdrawn",
}


class UnknownProposalError(NotFoundError):
    """No such proposal of a primary model."""

    code = "unknown_proposal"


class Wish(NamedTuple):
    """Which model is to be primary, from which day on, and why."""

    model: str
    effective_from: date
    reason: str


def read_primary(connection: Connection, on: date, known_at: datetime | None = None) -> Primary:
    """The primary model on a day, as known at an instant (None: now)."""
    return primary_on(*all_decided(connection), on, known_at)


def propose_primary(transaction: Writing, caller: Caller, wish: Wish) -> Proposal:
    """A named person proposes that another model be primary, for another person to confirm.

    Raises:
        PersonRequiredError: no person proposes.
        UnknownVersionError: there is no model of that name.
    """
    person = caller.deciding_person
    if person is None:
        raise PersonRequiredError("Only a named person can decide about weights.")
    if not all_versions(transaction.connection, wish.model):
        raise UnknownVersionError("There is no model of that name.")
    new = Proposal(new_id(), wish.model, wish.effective_from, person, wish.reason, transaction.now)
    entry_id = transaction.record(
        PROPOSED,
        {
            "proposal_id": str(new.proposal_id),
            "model": new.model,
            "effective_from": new.effective_from.isoformat(),
            "person_id": person,
            "reason": new.reason,
        },
    )
    add_proposal(transaction.connection, new, entry_id)
    return new


def decide_primary(
    transaction: Writing, caller: Caller, proposal_id: UUID, outcome: Outcome, reason: str
) -> Proposal:
    """Another named person confirms what one proposed, or somebody takes it back.

    The worker sees that another version counts for the children and computes every score again.

    Raises:
        UnknownProposalError: there is no such proposal.
        PersonRequiredError, SamePersonError, AlreadyDecidedError: it isn't this caller's to decide.
        AlreadyPrimaryError, NothingInForceError: it would change nothing, or leave no score.
    """
    connection = transaction.connection
    transaction.alone()
    found = read_proposal(connection, proposal_id)
    person = check_decision(found, outcome, caller.deciding_person)
    decision = Decision(outcome, person, reason, transaction.now, children_scored(connection))
    after = replace(found, decision=decision)
    if (first_day := after.primary_from) is not None:
        versions = all_versions(connection, found.model)
        counts = in_force(versions, first_day) is not None
        check_effect(found, *all_decided(connection), first_day, counts=counts)
    entry_id = transaction.record(
        KINDS[outcome],
        {
            "proposal_id": str(proposal_id),
            "model": found.model,
            "author_person_id": found.person_id,
            "person_id": person,
            "reason": reason,
            "primary_from": None if first_day is None else first_day.isoformat(),
            "affected": decision.affected,
        },
    )
    add_decision(connection, found, decision, entry_id)
    return after


def read_proposal(connection: Connection, proposal_id: UUID) -> Proposal:
    """A proposal. Raises `UnknownProposalError`."""
    found = one_proposal(connection, proposal_id)
    if found is None:
        raise UnknownProposalError("There is no proposal of that id.")
    return found
