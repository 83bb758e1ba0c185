"""The rating in force for a child, as scoring last told it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Rating:
    """A score's outcome: `total` and `band` are absent where the status withholds them."""

    score_id: UUID
    model: str
    version: str
    as_of: date
    status: str
    total: str | None
    band: str | None
    interval: tuple[str, str] | None = None
    """Where the total could lie, were everything known."""
    band_range: tuple[str | None, str | None] | None = None
    """The bands it could come to, were everything known."""
    known: int = 0
    """How many of the model's indicators are known."""
    of: int = 0
    cause: str | None = None
    """What made it change: evidence, ageing, correction, model, judgement."""
    judged_band: str | None = None
    """The band of a professional's judgement in force, beside the score and before it."""
    judgement_id: UUID | None = None
    judged_until: date | None = None

    @property
    def band_in_force(self) -> str | None:
        """The judgement's band if one is in force, else the score's."""
        return self.judged_band or self.band


def in_words(rating: Rating | None) -> str:
    """What can be said of a rating in a few words. No score is never shown as a low one."""
    if rating is None:
        return "no score yet"
    if rating.judged_band is not None:
        return "judged by a professional, whose band stands before the score's"
    if rating.band is None:
        return "a score without a band: see its status"
    if rating.status != "complete":
        return (
            f"provisional: we know {rating.known} of {rating.of} things, so it may be another;"
            " not yet confirmed by a professional"
        )
    return "from the score, not yet confirmed by a professional"
