"""What a judgement looks like when it is answered."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from services.scoring.api.base import View
from services.scoring.store.judgements import Recorded


class JudgementStepView(View):
    """What followed a judgement."""

    step: Literal["confirmed", "withdrawn"]
    by: Annotated[str, Field(examples=["p-0002"])]
    on: date
    at: datetime
    reason: str


class JudgementView(View):
    """A professional's word beside a score."""

    id: UUID
    child_id: UUID
    score_id: UUID
    model: str
    computed_band: Annotated[str | None, Field(description="the score's band then")]
    band: str
    reason_code: str
    reason: str
    by: Annotated[str, Field(examples=["p-0001"])]
    at: datetime
    on: date
    until: Annotated[date, Field(description="the first day on which it no longer stands")]
    needs_second_person: Annotated[
        bool, Field(description="below a floor that had fired: counts only once confirmed")
    ]
    steps: list[JudgementStepView]

    @classmethod
    def of(cls, found: Recorded) -> Self:
        """The view of a judgement."""
        made = found.judgement
        return cls(
            id=made.judgement_id,
            child_id=found.child_id,
            score_id=found.score_id,
            model=made.model,
            computed_band=found.computed_band,
            band=made.band,
            reason_code=found.reason_code,
            reason=found.reason,
            by=made.author,
            at=found.at,
            on=made.on,
            until=made.until,
            needs_second_person=made.needs_second,
            steps=[
                JudgementStepView(
                    step=each.taken.step.value,
                    by=each.person_id,
                    on=each.taken.on,
                    at=each.at,
                    reason=each.reason,
                )
                for each in found.steps
            ],
        )
