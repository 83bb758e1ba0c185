"""What the stored scores of a child look like when they are answered."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.judgement_view import JudgementView
from services.scoring.api.score_view import Points
from services.scoring.service.history import Past


class PartView(View):
    """What one cause did to the total, on top of those before it."""

    cause: Literal["ageing", "correction", "new_evidence", "model"]
    points: Points
    band_before: str | None
    band_after: str | None


class StoredScoreView(View):
    """A score as it was stored: the record, never changed."""

    score_id: UUID
    number: int
    calculated_at: datetime
    as_of: date
    model: str
    version: str
    document_hash: str
    engine_version: str
    status: str
    total: Points | None
    interval: tuple[Points, Points] | None
    band: str | None
    band_range: tuple[str | None, str | None] | None
    cause: str | None = Field(description="what most of the change since the one before came from")
    parts: list[PartView]


class PastScoreView(StoredScoreView):
    """A stored score, with what professionals judged beside it: both are trended."""

    band_in_force: str | None = Field(
        description="when it was calculated: the judgement's band where one stood, else the score's"
    )
    judgement_id: UUID | None = Field(
        description="the judgement beside it when it was calculated, of this record or one merged"
        " into it then"
    )
    judged_band: str | None = Field(description="that judgement's, as this version calls it")
    judgement_overtaken: bool = Field(
        description="a floor above the judged band had fired since, or was there with new harm:"
        " the score's band counted"
    )
    judgements: list[JudgementView] = Field(
        description="those that were made on this score, the latest first"
    )

    @classmethod
    def of(cls, past: Past) -> Self:
        """The view of a score in its child's history."""
        stored = StoredScoreView.model_validate(past.stored, from_attributes=True)
        judged = past.judged
        return cls(
            **dict(stored),
            band_in_force=past.band_in_force,
            judgement_id=judged and judged.recorded.judgement.judgement_id,
            judged_band=judged and judged.band,
            judgement_overtaken=judged is not None and judged.overtaken,
            judgements=[JudgementView.of(each) for each in past.made],
        )


class ReplayView(View):
    """A stored score computed again from what was known then, under the weights named then."""

    child_id: UUID
    stored: StoredScoreView
    equal: bool = Field(description="whether it follows from its inputs, to the letter")
    differences: list[str]


class ScoreHistory(View):
    """The stored scores of a child, the latest first."""

    child_id: UUID
    items: list[PastScoreView]
