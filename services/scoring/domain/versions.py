"""Versions of the weights, and which one is in force on a day, as known at an instant. DESIGN 5."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.scoring.domain.lifecycle import State
from shared.domain.london import london_date


@dataclass(frozen=True, slots=True)
class Version:
    """A version as stored, without its content. Instants in UTC, dates in London."""

    model: str
    version: str
    document_hash: str
    rules_hash: str
    effective_from: date
    state: State
    author_person_id: str | None = None
    proposed_at: datetime | None = None
    proposal_reason: str | None = None
    approver_person_id: str | None = None
    approved_at: datetime | None = None
    approval_reason: str | None = None
    approved_assessment_id: UUID | None = None
    approved_engine_version: str | None = None
    imported_in_force_from: date | None = None
    returns_to: str | None = None
    """The version whose rules one person brought back in an emergency."""
    ended_at: datetime | None = None
    """When it was withdrawn or retired, as its state says."""
    ended_by_person_id: str | None = None
    end_reason: str | None = None
    ended_affected: int | None = None
    """How many children's scores stood under it then."""


def as_known(version: Version, known_at: datetime) -> Version:
    """The version as it was known at an instant: before it was ended, before it was approved."""
    approved = version.approved_at is not None and version.approved_at <= known_at
    if version.ended_at is not None and version.ended_at > known_at:
        version = replace(
            version,
            state=State.VALIDATED if version.approved_at is None else State.APPROVED,
            ended_at=None,
            ended_by_person_id=None,
            end_reason=None,
            ended_affected=None,
        )
    if version.approved_at is None or approved:
        return version
    return replace(version, state=State.VALIDATED, approved_at=None, imported_in_force_from=None)


def in_force_from(version: Version) -> date | None:
    """The first day of a version that was approved and not withdrawn; None for any other."""
    if version.state not in {State.APPROVED, State.RETIRED} or version.approved_at is None:
        return None
    if version.imported_in_force_from is not None:
        return version.imported_in_force_from
    return max(version.effective_from, london_date(version.approved_at))


def was_in_force(versions: Iterable[Version], version: Version, today: date) -> bool:
    """Whether a version has been in force by today, if only for a part of a day.

    Of two that wait for one day the one approved last counts, and the other never does.
    """
    first_day, approved_at = in_force_from(version), version.approved_at
    if first_day is None or approved_at is None or first_day > today:
        return False
    at_once = first_day <= london_date(approved_at)
    return at_once or not any(
        in_force_from(each) == first_day
        and each.approved_at is not None
        and each.approved_at > approved_at
        for each in versions
    )


def retired_on(version: Version) -> date | None:
    """The day from which a retired version is in force no more."""
    if version.state is not State.RETIRED or version.ended_at is None:
        return None
    return london_date(version.ended_at)


def in_force(versions: Iterable[Version], on: date) -> Version | None:
    """The version in force on a day: the one that came into force last, by then.

    None once that one is retired: no earlier version comes back by itself.
    """
    begun = [
        (first_day, version.approved_at, version)
        for version in versions
        if (first_day := in_force_from(version)) is not None and first_day <= on
    ]
    if not begun:
        return None
    last = max(begun, key=lambda item: item[:2])[2]
    until = retired_on(last)
    return None if until is not None and until <= on else last


def followed_by(versions: Iterable[Version], candidate: Version, today: date) -> Version | None:
    """The version that a candidate would follow, were it approved today: the one in force on the
    candidate's first day without it."""
    others = [each for each in versions if each.version != candidate.version]
    return in_force(others, max(candidate.effective_from, today))
