"""A screening tool that a professional filled in with a concern. Its answers become statements in
scoring, each under its code; what they are worth is said there alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.referrals.domain.transitions import Actor
from shared.domain.errors import FieldError


@dataclass(frozen=True, slots=True)
class ScreeningAnswer:
    """An answer under an observation code."""

    code: str
    answer: str


@dataclass(frozen=True, slots=True)
class Screening:
    """A tool as it was filled in, on one day."""

    tool: str
    observed_on: date
    answers: tuple[ScreeningAnswer, ...]


@dataclass(frozen=True, slots=True)
class ScreeningRevision:
    """A screening as somebody sent or corrected it. The newest revision counts, whole."""

    screening_id: UUID
    referral_id: UUID
    revision: int
    at: datetime
    by: Actor
    screening: Screening
    reason: str | None = None


def faults_of_screening(
    screening: Screening, today: date, at: str = "/screening"
) -> Iterator[FieldError]:
    """Everything wrong with a screening; `at`: where it stands in the request."""
    if screening.observed_on > today:
        yield FieldError(
            f"{at}/observed_on", "in_the_future", "Write the day it was filled in: today or before."
        )
    seen: set[str] = set()
    for place, given in enumerate(screening.answers):
        if given.code in seen:
            yield FieldError(
                f"{at}/answers/{place}/code", "answered_twice", "Give one answer to each code."
            )
        seen.add(given.code)
