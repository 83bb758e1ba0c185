"""What callers are answered of a referral's past."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.views import RatingView, View
from services.referrals.domain.allocations import Allocation
from services.referrals.domain.commands import SignpostDestination, SignpostOutcome
from services.referrals.domain.transitions import Moved, ReferralStatus


class HistoryItem(View):
    """One move of a referral."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    revision: int
    at: Annotated[datetime, Field(description="When it was recorded here.")]
    decided_on: Annotated[date, Field(description="The day in London on which it happened.")]
    command: Annotated[str, Field(examples=["receive", "start_triage", "signpost"])]
    from_status: Annotated[ReferralStatus | None, Field(alias="from")]
    to_status: Annotated[ReferralStatus, Field(alias="to")]
    by: Annotated[str, Field(description="The person, else the sending system.")]
    by_person: bool
    reason: str | None
    signposted_to: SignpostDestination | None
    service_name: str | None
    worker: str | None
    team: str | None
    duplicate_of: Annotated[
        UUID | None, Field(description="Null also where that one is outside what you may see.")
    ]
    outcome: SignpostOutcome | None
    due_on: Annotated[date | None, Field(description="By when something was due before this move.")]
    score_id: UUID | None
    rating_at_decision: RatingView | None

    @classmethod
    def of(cls, moved: Moved) -> Self:
        """The view of a move."""
        return cls(
            revision=moved.revision,
            at=moved.at,
            decided_on=moved.decided_on,
            command=moved.command,
            from_status=moved.from_status,
            to_status=moved.to_status,
            by=moved.by.person_id or moved.by.client_id,
            by_person=moved.by.person_id is not None,
            reason=moved.reason,
            signposted_to=moved.destination,
            service_name=moved.service_name,
            worker=moved.worker,
            team=moved.team,
            duplicate_of=moved.duplicate_of,
            outcome=moved.outcome,
            due_on=moved.due_on,
            score_id=moved.score_id,
            rating_at_decision=RatingView.of(moved.rating),
        )


class ReferralHistory(View):
    """A page of what happened to a referral, from its receipt on. `Link` leads to the next one."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.HISTORY]})

    referral_id: UUID
    child_id: UUID
    items: list[HistoryItem]


class AllocationView(View):
    """A worker's time with a referral."""

    worker: Annotated[
        str | None,
        Field(description="The person; null in records of before, made to a team alone."),
    ]
    team: str | None
    from_day: Annotated[date, Field(alias="from")]
    until: Annotated[
        date | None, Field(description="When another one took over; null: whose work it is now.")
    ]
    reason: str | None
    allocated_by: str | None
    recorded_at: datetime

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    @classmethod
    def of(cls, found: Allocation) -> Self:
        """The view of an allocation."""
        move = found.move
        return cls(
            worker=move.worker,
            team=move.team,
            from_day=move.decided_on,
            until=found.until,
            reason=move.reason,
            allocated_by=move.by.person_id,
            recorded_at=move.at,
        )


class AllocationHistory(View):
    """A page of whose work a referral was, the first one first. `Link` leads to the next one."""

    referral_id: UUID
    child_id: UUID
    items: list[AllocationView]
