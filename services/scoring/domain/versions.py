"""The life of a version of the weights. DESIGN 5.

Nobody changes a weight alone: one person proposes, another approves, bound to the exact content.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from shared.domain.errors import ForbiddenError, StateError
from shared.domain.london import london_date

VALIDATED = "validated"
APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as stored, without its content. Instants in UTC, dates in London."""

    model: str
    version: str
    document_hash: str
    rules_hash: str
    effective_from: date
    state: str
    author_person_id: str | None = None
    proposed_at: datetime | None = None
    proposal_reason: str | None = None
    approver_person_id: str | None = None
    approved_at: datetime | None = None
    approval_reason: str | None = None
    imported_in_force_from: date | None = None


class PersonRequiredError(ForbiddenError):
    """A machine can't decide about weights."""

    code = "person_required"


class NotProposedError(StateError):
    """Nobody has proposed the version yet."""

    code = "not_proposed"


class AlreadyProposedError(StateError):
    """Somebody has proposed the version."""

    code = "already_proposed"


class AlreadyApprovedError(StateError):
    """The version is approved; what follows is another version."""

    code = "already_approved"


class SamePersonError(ForbiddenError):
    """The person who proposed can't approve, whichever credential is used."""

    code = "same_person"


class OtherContentError(StateError):
    """The approval names other content than the version has."""

    code = "other_content"


def check_proposal(version: Version, person_id: str | None) -> None:
    """Whether this person may propose the version. Raises the error that says why not."""
    _require_person(person_id)
    if version.state == APPROVED:
        raise AlreadyApprovedError("This version is approved; propose another version.")
    if version.author_person_id is not None:
        raise AlreadyProposedError("This version has been proposed; it waits for approval.")


def check_approval(version: Version, person_id: str | None, document_hash: str) -> None:
    """Whether this person may approve this content. Raises the error that says why not."""
    _require_person(person_id)
    if version.state == APPROVED:
        raise AlreadyApprovedError("This version is approved already.")
    if version.author_person_id is None:
        raise NotProposedError("Nobody has proposed this version yet; that comes first.")
    if version.author_person_id == person_id:
        raise SamePersonError("You proposed this version; somebody else has to approve it.")
    if version.document_hash != document_hash:
        raise OtherContentError(
            "The document hash you name is not this version's; read the version again."
        )


def _require_person(person_id: str | None) -> None:
    if person_id is None:
        raise PersonRequiredError("Only a named person can decide about weights.")


def as_known(version: Version, known_at: datetime) -> Version:
    """The version as it was known at an instant: before its approval it was only validated."""
    if version.approved_at is None or version.approved_at <= known_at:
        return version
    return replace(version, state=VALIDATED, approved_at=None, imported_in_force_from=None)


def in_force_from(version: Version) -> date | None:
    """The first day of an approved version; None while it is not approved."""
    if version.state != APPROVED or version.approved_at is None:
        return None
    if version.imported_in_force_from is not None:
        return version.imported_in_force_from
    return max(version.effective_from, london_date(version.approved_at))


def in_force(versions: Iterable[Version], on: date) -> Version | None:
    """The version in force on a day: the one that came into force last, by then."""
    begun = [
        (first_day, version.approved_at, version)
        for version in versions
        if (first_day := in_force_from(version)) is not None and first_day <= on
    ]
    return max(begun, key=lambda item: item[:2])[2] if begun else None
