"""Proposing and approving a version: two people, one content, a reason and a record."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from services.scoring.domain.versions import (
    APPROVED,
    Version,
    check_approval,
    check_proposal,
    in_force_from,
)
from services.scoring.service.weights import UnknownVersionError
from services.scoring.store.versions import change_version, one_version
from shared.contracts.caller import Caller
from shared.storage.writing import Writing


def propose(transaction: Writing, caller: Caller, model: str, version: str, reason: str) -> Version:
    """A named person proposes that a validated version be put in force."""
    found = _locked(transaction.connection, model, version)
    check_proposal(found, caller.deciding_person)
    change_version(
        transaction.connection,
        found,
        {
            "author_person_id": caller.person_id,
            "proposed_at": transaction.now,
            "proposal_reason": reason,
        },
    )
    transaction.record(
        "model.proposed",
        {
            "model": model,
            "version": version,
            "document_hash": found.document_hash,
            "person_id": caller.person_id,
            "reason": reason,
        },
    )
    return _locked(transaction.connection, model, version)


@dataclass(frozen=True, slots=True)
class Approval:
    """What an approver signs: the content read, to the letter, and why it is right."""

    document_hash: str
    reason: str
    imported_in_force_from: date | None = None
    """For demonstration data alone: it counted from this day, before Amber knew it."""


def approve(
    transaction: Writing, caller: Caller, model: str, version: str, approval: Approval
) -> Version:
    """Another named person approves exactly this content.

    The worker sees that another version is in force and computes every score again.
    """
    found = _locked(transaction.connection, model, version)
    check_approval(found, caller.deciding_person, approval.document_hash)
    change_version(
        transaction.connection,
        found,
        {
            "state": APPROVED,
            "approver_person_id": caller.person_id,
            "approved_at": transaction.now,
            "approval_reason": approval.reason,
            "approved_hash": approval.document_hash,
            "imported_in_force_from": approval.imported_in_force_from,
        },
    )
    approved = _locked(transaction.connection, model, version)
    first_day = in_force_from(approved)
    transaction.record(
        "model.approved",
        {
            "model": approved.model,
            "version": approved.version,
            "document_hash": approval.document_hash,
            "author_person_id": approved.author_person_id,
            "approver_person_id": caller.person_id,
            "reason": approval.reason,
            "in_force_from": None if first_day is None else first_day.isoformat(),
            "imported": approval.imported_in_force_from is not None,
        },
    )
    return approved


def _locked(connection: Connection, model: str, version: str) -> Version:
    found = one_version(connection, model, version, lock=True)
    if found is None:
        raise UnknownVersionError("The model has no version of that name.")
    return found
