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


def in_words(rating: Rating | None) -> str:
    """What can be said of a rating in a few words. No score is never shown as a low one."""
    if rating is None:
        return "no score yet"
    if rating.band is None:
        return "a score without a band: see its status"
    return "from the score, not yet confirmed by a professional"
