"""Proposing and approving a version: two people, one content, a reason and a record."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.scoring.domain.lifecycle import Command
from services.scoring.domain.versions import Version, in_force_from
from services.scoring.service.assessing import check_read
from services.scoring.service.steps import (
    Move,
    Which,
    check_content,
    decided,
    meet,
    step_of,
    stored,
    tell,
)
from services.scoring.store.versions import change_version
from shared.contracts.caller import Caller
from shared.storage.writing import Writing

PROPOSED = "model.proposed"
APPROVED = "model.approved"


def propose(transaction: Writing, caller: Caller, which: Which, reason: str) -> Version:
    """A named person proposes that a version which ships with Amber be put in force.

    Raises:
        UnknownVersionError, PersonRequiredError: there is no such version, or no person proposes.
        AlreadyProposedError, IllegalTransitionError: it isn't there to be proposed.
    """
    met = meet(transaction, which)
    state = decided(met, Command.PROPOSE, caller)
    change_version(
        transaction.connection,
        met.version,
        {
            "author_person_id": caller.person_id,
            "proposed_at": transaction.now,
            "proposal_reason": reason,
        },
    )
    tell(
        transaction,
        PROPOSED,
        step_of(transaction, caller, met.version, Move(Command.PROPOSE, state, reason)),
    )
    return stored(transaction.connection, which)


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approver signs: the content read, to the letter; who would move by it, and by which
    engine that was worked out; and why it is right."""

    document_hash: str
    assessment_id: UUID
    engine_version: str
    reason: str
    imported_in_force_from: date | None = None
    """For demonstration data alone: it counted from this day, before Amber knew it."""


def approve(
    transaction: Writing, caller: Caller, which: Which, approval: Approval, valid_for: timedelta
) -> Version:
    """Another named person approves exactly this content, having read who would move. The evidence
    in that assessment is no older than `valid_for`.

    The worker sees that another version is in force and computes every score again.

    Raises:
        UnknownVersionError, PersonRequiredError: there is no such version, or no person approves.
        NotProposedError, SamePersonError, IllegalTransitionError: it isn't this person's turn.
        AnotherWaitsError: an approved version comes into force later.
        OtherContentError: the approver read another content.
        UnknownAssessmentError, AssessmentVoidError: what was read doesn't say what would happen.
    """
    met = meet(transaction, which)
    state = decided(met, Command.APPROVE, caller)
    check_content(met.version, approval.document_hash)
    read = check_read(transaction, met, approval.assessment_id, approval.engine_version, valid_for)
    change_version(
        transaction.connection,
        met.version,
        {
            "state": state,
            "approver_person_id": caller.person_id,
            "approved_at": met.after_all(transaction.now),
            "approval_reason": approval.reason,
            "approved_hash": approval.document_hash,
            "approved_assessment_id": read.assessment_id,
            "approved_engine_version": read.engine_version,
            "imported_in_force_from": approval.imported_in_force_from,
        },
    )
    approved = stored(transaction.connection, which)
    first_day = in_force_from(approved)
    tell(
        transaction,
        APPROVED,
        replace(
            step_of(
                transaction, caller, met.version, Move(Command.APPROVE, state, approval.reason)
            ),
            affected=read.movers,
        ),
        author_person_id=approved.author_person_id,
        in_force_from=None if first_day is None else first_day.isoformat(),
        assessment_id=str(read.assessment_id),
        engine_version=read.engine_version,
        result_hash=read.result_hash,
        imported=approval.imported_in_force_from is not None,
    )
    return approved
