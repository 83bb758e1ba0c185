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


def in_words(rating: Rating | None) -> str:
    """What can be said of a rating in a few words. No score is never shown as a low one."""
    if rating is None:
        return "no score yet"
    if rating.band is None:
        return "a score without a band: see its status"
    if rating.status != "complete":
        return (
            f"provisional: we know {rating.known} of {rating.of} things, so it may be another;"
            " not yet confirmed by a professional"
        )
    return "from the score, not yet confirmed by a professional"
