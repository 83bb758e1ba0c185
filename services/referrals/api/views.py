"""What callers are answered. A child reads this one day: its words must be fit for that."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.referrals.api import examples
from services.referrals.domain.clocks import Clock, WaitsFor
from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.commands import SignpostDestination, SignpostOutcome
from services.referrals.domain.rating import Rating
from services.referrals.domain.referral import Referral, ReferralType
from services.referrals.domain.transitions import (
    SETTLED,
    Moved,
    ReferralCommand,
    ReferralStatus,
    allowed,
)
from services.referrals.service.acting import mover
from shared.contracts.caller import Caller
from shared.http.writes import A_CHILD, About


class View(BaseModel):
    """An answer, or a part of one."""

    model_config = ConfigDict(frozen=True)


class RatingView(View):
    """A rating as it was in force. Points are decimals, written as text."""

    score_id: UUID
    model: Annotated[str, Field(examples=["seraf"])]
    version: Annotated[str, Field(examples=["1.0"])]
    as_of: date
    status: Annotated[str, Field(examples=["complete"])]
    total: Annotated[str | None, Field(examples=["10"])]
    band: Annotated[str | None, Field(examples=["category_2"])]
    interval: Annotated[
        tuple[str, str] | None,
        Field(description="Where the total could lie, were everything known."),
    ]
    band_range: Annotated[
        tuple[str | None, str | None] | None,
        Field(description="The bands it could come to, were everything known."),
    ]
    known: Annotated[int, Field(description="How many of the model's indicators are known.")]
    indicators: Annotated[int, Field(description="Of how many.")]
    judged_band: Annotated[
        str | None,
        Field(description="A professional's judgement in force: it stands before the score's."),
    ] = None
    judgement_id: UUID | None = None
    judged_until: date | None = None

    @classmethod
    def of(cls, rating: Rating | None) -> Self | None:
        """The view of a rating, if there is one."""
        if rating is None:
            return None
        return cls(
            score_id=rating.score_id,
            model=rating.model,
            version=rating.version,
            as_of=rating.as_of,
            status=rating.status,
            total=rating.total,
            band=rating.band,
            interval=rating.interval,
            band_range=rating.band_range,
            known=rating.known,
            indicators=rating.of,
            judged_band=rating.judged_band,
            judgement_id=rating.judgement_id,
            judged_until=rating.judged_until,
        )


class DecisionView(View):
    """The decision that holds: who made it, when, why, and which score they looked at."""

    command: str
    to: SignpostDestination | None
    service_name: str | None
    worker: str | None
    team: str | None
    duplicate_of: UUID | None
    reason: str | None
    decided_by: Annotated[str | None, Field(description="The person.", examples=["p-0001"])]
    decided_on: Annotated[date, Field(description="The day in London on which it was decided.")]
    decided_at: Annotated[datetime, Field(description="When it was recorded here.")]
    score_id: Annotated[
        UUID | None, Field(description="The score that was looked at; null: none was.")
    ]
    rating_at_decision: Annotated[
        RatingView | None, Field(description="What was in force then; null: no score yet.")
    ]

    @classmethod
    def of(cls, moved: Moved) -> Self:
        """The view of the move that decided."""
        return cls(
            command=moved.command,
            to=moved.destination,
            service_name=moved.service_name,
            worker=moved.worker,
            team=moved.team,
            duplicate_of=moved.duplicate_of,
            reason=moved.reason,
            decided_by=moved.by.person_id,
            decided_on=moved.decided_on,
            decided_at=moved.at,
            score_id=moved.score_id,
            rating_at_decision=RatingView.of(moved.rating),
        )


class ClockView(View):
    """What a referral waits for. Working days are those of England."""

    waits_for: WaitsFor
    due_on: Annotated[date, Field(description="By the end of this day.")]
    paused_since: Annotated[
        date | None,
        Field(description="The clock stands while information is awaited; the rest is left of it."),
    ]
    overdue: bool

    @classmethod
    def of(cls, clock: Clock | None, today: date) -> Self | None:
        """The view of a clock, if one runs."""
        if clock is None:
            return None
        return cls(
            waits_for=clock.waits_for,
            due_on=clock.due_on,
            paused_since=clock.paused_on,
            overdue=clock.is_overdue(today),
        )


class PreviousView(View):
    """An earlier referral of the same child."""

    id: UUID
    received_on: date


class ReferralView(View):
    """A referral as it stands."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REFERRAL]})

    id: UUID
    reference: Annotated[
        str,
        Field(
            description="What people call it; the last digit checks the others.",
            examples=["CE-2026-000018"],
        ),
    ]
    child_id: Annotated[
        UUID | None, Field(description="Null where the child is outside what you may see.")
    ]
    type: ReferralType
    source: ReferralSource
    source_ref: str | None
    received_on: date
    recorded_at: datetime
    age_at_referral: Annotated[
        int | None,
        Field(
            description="By the date of birth as known when it was recorded. Null where none was, "
            "the child was not born yet, or is outside what you may see.",
            examples=[14],
        ),
    ]
    looked_after: Annotated[
        bool | None, Field(description="What the source says of that day; null: nothing.")
    ]
    looked_after_at_referral: Annotated[
        bool | None,
        Field(
            description="What was known of that day when it was recorded: by the times of being "
            "looked after, or by the source. Null: nothing, or the child is outside what you may "
            "see."
        ),
    ]
    rating_at_referral: Annotated[
        RatingView | None,
        Field(
            description="What was in force when it was recorded; null: no score yet, or the child "
            "is outside what you may see."
        ),
    ]
    over_18_reason: Annotated[
        str | None, Field(description="Why somebody of 18 or over was referred.")
    ]
    re_referral_of: Annotated[
        PreviousView | None,
        Field(
            description="The child's referral that this one came within twelve months of; null: "
            "none, or the child is outside what you may see."
        ),
    ]
    status: ReferralStatus
    clock: Annotated[
        ClockView | None, Field(description="What is due next, and when; null: nothing.")
    ]
    revision: Annotated[int, Field(description="The ETag, as a number.", examples=[1])]
    summary: str | None
    differing_details: Annotated[
        list[str] | None,
        Field(
            description="What the sender said of the child that differs from what was known; "
            "null where the child is outside what you may see.",
            examples=[["date_of_birth"]],
        ),
    ]
    allowed: Annotated[
        list[ReferralCommand], Field(description="The commands that you may give now.")
    ]
    decision: DecisionView | None
    worker: Annotated[
        str | None, Field(description="Whose work it is, while it is allocated: one person.")
    ]
    worker_team: str | None
    signposting_outcome: Annotated[
        SignpostOutcome | None,
        Field(description="What came of signposting; null: not known (yet), or not signposted."),
    ]
    proposed_by: Annotated[
        str | None,
        Field(
            description="Who proposed no further action, where nothing else happened since. Where "
            "the rating is high, somebody else may then decide so, withdraw it, or mark it as the "
            "duplicate of a referral that is over."
        ),
    ]

    @classmethod
    def of(
        cls, referral: Referral, caller: Caller, today: date, *, child_in_sight: bool = True
    ) -> Self:
        """The view for a caller, who may have sent a referral for a child outside their sight."""
        previous = referral.re_referral_of
        whole = cls(
            id=referral.referral_id,
            reference=referral.reference,
            child_id=referral.child_id,
            type=referral.type,
            source=referral.source,
            source_ref=referral.source_ref,
            received_on=referral.received_on,
            recorded_at=referral.recorded_at,
            age_at_referral=referral.age_at_referral,
            looked_after=referral.looked_after,
            looked_after_at_referral=referral.looked_after_at_referral,
            rating_at_referral=RatingView.of(referral.rating_at_referral),
            over_18_reason=referral.over_18_reason,
            re_referral_of=None
            if previous is None
            else PreviousView(id=previous.referral_id, received_on=previous.received_on),
            status=referral.status,
            clock=ClockView.of(referral.waiting, today),
            revision=referral.revision,
            summary=referral.summary,
            differing_details=sorted(referral.differing_details),
            allowed=allowed(referral.status, mover(caller), referral.gate),
            decision=DecisionView.of(referral.last) if referral.status in SETTLED else None,
            worker=referral.worker,
            worker_team=referral.worker_team,
            signposting_outcome=referral.outcome,
            proposed_by=referral.gate.proposed_by,
        )
        return whole if child_in_sight else whole.model_copy(update=SENT.withheld)


_WITHHELD: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            "child_id",
            "age_at_referral",
            "looked_after_at_referral",
            "rating_at_referral",
            "re_referral_of",
            "differing_details",
        )
    ),
    "allowed": [],
}
SENT = About(A_CHILD.ids, _WITHHELD)
"""A referral, answered to its sender, who may not be one to see the child (ADR 0031)."""


class ReferralList(View):
    """A page of referrals, newest first. The `Link` header leads to the next one."""

    items: list[ReferralView]
    gone: Annotated[
        list[UUID],
        Field(
            description="With `updated_since`: referrals that you could see then, and may not see "
            "any more. Forget them."
        ),
    ] = []
    updated_until: Annotated[
        str | None,
        Field(
            description="With `updated_since`: send it back as `updated_since` the next time, when "
            "you have followed `Link` to the end. The same on every page of a walk."
        ),
    ] = None
