"""What a judgement looks like when it is answered."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from services.scoring.api.base import View
from services.scoring.domain.judgements import Step
from services.scoring.store.judgements import Recorded


class JudgementStepView(View):
    """What followed a judgement."""

    step: Literal["confirmed", "withdrawn"]
    by: Annotated[str, Field(examples=["p-0002"])]
    on: date
    at: datetime
    reason: Annotated[str | None, Field(description="null where the judgement is withheld")]


class JudgementView(View):
    """A professional's word beside a score. With `withheld`, that one was said, its band, by whom
    and until when, and no more."""

    id: UUID
    child_id: UUID
    score_id: UUID | None
    model: str
    computed_band: Annotated[str | None, Field(description="the score's band then")]
    band: str
    reason_code: str | None
    reason: str | None
    by: Annotated[str, Field(examples=["p-0001"])]
    at: datetime
    on: date
    until: Annotated[date, Field(description="the first day on which it no longer stands")]
    needs_second_person: Annotated[
        bool | None,
        Field(
            description="below a floor that had fired: counts only once confirmed; null where it is"
            " withheld"
        ),
    ]
    steps: Annotated[
        list[JudgementStepView], Field(description="where it is withheld, that it was withdrawn")
    ]
    withheld: Annotated[
        bool,
        Field(
            description="it was made while another record counted for the child that you may not"
            " see by now"
        ),
    ]

    @classmethod
    def of(cls, found: Recorded) -> Self:
        """The view of a judgement, as far as it isn't withheld."""
        made, said = found.judgement, None if found.withheld else found
        return cls(
            id=made.judgement_id,
            child_id=found.child_id,
            score_id=said and said.score_id,
            model=made.model,
            computed_band=said and said.computed_band,
            band=made.band,
            reason_code=said and said.reason_code,
            reason=said and said.reason,
            by=made.author,
            at=found.at,
            on=made.on,
            until=made.until,
            needs_second_person=said and made.needs_second,
            steps=[
                JudgementStepView(
                    step=each.taken.step.value,
                    by=each.person_id,
                    on=each.taken.on,
                    at=each.at,
                    reason=said and each.reason,
                )
                for each in found.steps
                # A confirmation tells that a floor had fired.
                if said or each.taken.step is Step.WITHDRAWN
            ],
            withheld=found.withheld,
        )
