"""Versions of the weights as they are answered: whole to those who decide about them; to everybody
else, and in the register, without a word about a person (ADR 0095)."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Path
from pydantic import Field, StringConstraints

from services.scoring.api.base import View
from services.scoring.domain.card import approved_by, proposed_by, public_reason
from services.scoring.domain.lifecycle import Command, State
from services.scoring.domain.model import Model
from services.scoring.domain.tally import enough
from services.scoring.domain.versions import Version, in_force_from, retired_on
from services.scoring.store.versions import Step
from shared.contracts.caller import Caller

TEAM = "models:assess"
"""The scope of those who develop the weights, and see every figure."""
DECIDING = frozenset({"models:propose", TEAM, "models:approve"})
"""Whoever holds one of these takes steps with versions, and reads who took the others and why."""

ModelName = Annotated[str, Path(max_length=60, examples=["seraf"])]
VersionName = Annotated[str, Path(max_length=20, examples=["1.0"])]
NewName = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]
ContentHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def decides(caller: Caller) -> bool:
    """Whether a caller decides about weights: only then names and reasons are told."""
    return not caller.scopes.isdisjoint(DECIDING)


class EndView(View):
    """How a version ended. By whom and why: null to who doesn't decide about weights."""

    at: datetime
    by_person_id: str | None
    reason: str | None
    affected: int | None = Field(
        description="children whose scores stood under it then; null, outside the team: fewer than"
        " six"
    )


class VersionView(View):
    """A version: what it is, who proposed and who approved exactly which content. To who doesn't
    decide about weights, persons and their reasons are null; roles are told."""

    model: str
    version: str
    document_hash: str
    rules_hash: str
    state: State
    effective_from: date
    in_force_from: date | None
    imported: bool = Field(description="whether it was in force before this tracker knew it")
    proposed_at: datetime | None
    proposed_by: str | None = Field(description="a role, no name")
    author_person_id: str | None
    proposal_reason: str | None
    approved_at: datetime | None
    approved_by: str | None = Field(description="a role, no name")
    approver_person_id: str | None
    approval_reason: str | None
    assessment_id: UUID | None = Field(description="what the approver had read")
    engine_version: str | None = Field(description="by which engine that was worked out")
    returns_to: str | None = Field(
        description="the version whose rules one person brought back in an emergency"
    )
    ended: EndView | None = Field(description="withdrawn or retired, as `state` says")

    @classmethod
    def of(cls, version: Version, caller: Caller) -> Self:
        """The view of a version."""
        return cls(**_fields(version, caller))


class VersionDocument(VersionView):
    """A version with its document."""

    document: dict[str, Any]

    @classmethod
    def with_document(cls, version: Version, document: dict[str, Any], caller: Caller) -> Self:
        """The view of a version and its content."""
        return cls(**_fields(version, caller), document=document)


class RetirementView(View):
    """When a version was retired. Why stands in its history: it may name somebody."""

    on: date
    affected: int | None = Field(
        description="children whose scores stood under it then; null: fewer than six"
    )


class RegisterEntry(View):
    """A version as anybody may read of it: nothing in it is about a person."""

    model: str
    version: str
    title: str
    purpose: str
    change: str = Field(description="new, recalibration, correction or rollback")
    change_reason: str | None = Field(
        description="null for a rollback: why stands in its history, and may name somebody"
    )
    reference: str | None
    state: State
    document_hash: str
    rules_hash: str
    effective_from: date
    in_force_from: date | None
    imported: bool = Field(description="whether it was in force before this tracker knew it")
    proposed_at: datetime | None
    proposed_by: str | None = Field(description="a role, no name")
    approved_at: datetime | None
    approved_by: str | None = Field(description="a role, no name")
    retirement: RetirementView | None

    @classmethod
    def of(cls, version: Version, model: Model) -> Self:
        """The entry of a version."""
        retired = retired_on(version)
        return cls(
            model=version.model,
            version=version.version,
            title=model.title,
            purpose=model.purpose,
            change=model.change.kind,
            change_reason=public_reason(model.change.kind, model.change.reason),
            reference=model.change.reference,
            state=version.state,
            document_hash=version.document_hash,
            rules_hash=version.rules_hash,
            effective_from=version.effective_from,
            in_force_from=in_force_from(version),
            imported=version.imported_in_force_from is not None,
            proposed_at=version.proposed_at,
            proposed_by=proposed_by(version),
            approved_at=version.approved_at,
            approved_by=approved_by(version),
            retirement=None
            if retired is None
            else RetirementView(on=retired, affected=enough(version.ended_affected or 0)),
        )


class StepView(View):
    """A step in the life of a version: who, when, why, and which content. Who and why: null to who
    doesn't decide about weights."""

    at: datetime
    command: Command
    from_state: State | None
    to_state: State
    person_id: str | None = Field(
        description="null, where it isn't withheld: Amber itself, for a file that ships with it"
    )
    reason: str | None
    document_hash: str
    affected: int | None = Field(
        description="children who would move, or whose scores stood under it; outside the team the"
        " first is not told, nor a small number of the second"
    )

    @classmethod
    def of(cls, step: Step, caller: Caller) -> Self:
        """The view of a step; small numbers only for the team."""
        named, in_team = decides(caller), TEAM in caller.scopes
        # Movers are the sum of cells, some of which may be withheld.
        counts_movers = step.command in {Command.ASSESS, Command.APPROVE}
        affected = step.affected
        if not in_team and affected is not None:
            affected = None if counts_movers else enough(affected)
        return cls(
            at=step.at,
            command=step.command,
            from_state=step.from_state,
            to_state=step.to_state,
            person_id=step.person_id if named else None,
            reason=step.reason if named else None,
            document_hash=step.document_hash,
            affected=affected,
        )


def _fields(version: Version, caller: Caller) -> dict[str, Any]:
    named, affected = decides(caller), version.ended_affected or 0
    return {
        "model": version.model,
        "version": version.version,
        "document_hash": version.document_hash,
        "rules_hash": version.rules_hash,
        "state": version.state,
        "effective_from": version.effective_from,
        "in_force_from": in_force_from(version),
        "imported": version.imported_in_force_from is not None,
        "proposed_at": version.proposed_at,
        "proposed_by": proposed_by(version),
        "author_person_id": version.author_person_id if named else None,
        "proposal_reason": version.proposal_reason if named else None,
        "approved_at": version.approved_at,
        "approved_by": approved_by(version),
        "approver_person_id": version.approver_person_id if named else None,
        "approval_reason": version.approval_reason if named else None,
        "assessment_id": version.approved_assessment_id,
        "engine_version": version.approved_engine_version,
        "returns_to": version.returns_to,
        "ended": None
        if version.ended_at is None
        else EndView(
            at=version.ended_at,
            by_person_id=version.ended_by_person_id if named else None,
            reason=version.end_reason if named else None,
            affected=affected if TEAM in caller.scopes else enough(affected),
        ),
    }
