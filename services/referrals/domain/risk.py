"""Where a child stands in the risk list, and when somebody looks again.

A missing score is never shown as a low one: children who are not rated come right behind those
in the highest band, before everybody else.
"""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from services.referrals.domain.rating import Rating

HIGHEST, NOT_RATED = 0, 1
NONE = "none"
"""The filter for children without a band."""

_WITHIN = re.compile(r"P([0-9]{1,4})([DM])")


@dataclass(frozen=True, slots=True)
class Band:
    """A band of the model in force; `review_within` as in P84D or P3M."""

    id: str
    review_within: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the risk list knows of a child beside the rating."""

    place: int = NOT_RATED
    band: str | None = None
    changed_at: datetime | None = None
    """When the band in force last changed; the first one changes it too."""
    rated_on: date | None = None
    """The day of the first rating: the clock starts there until somebody reviews."""
    review_within: str | None = None
    reviewed_on: date | None = None

    @property
    def review_due_on(self) -> date | None:
        """When the review is due. None: the band says nothing, or there is none."""
        start = self.reviewed_on or self.rated_on
        if start is None or self.review_within is None:
            return None
        return due_on(start, self.review_within)


@dataclass(frozen=True, slots=True)
class Told:
    """A rating as scoring told it: of whom, among which bands, and where in scoring's journal."""

    child_id: UUID
    rating: Rating
    bands: Sequence[Band]
    recorded_at: datetime
    position: int


@dataclass(frozen=True, slots=True)
class Review:
    """A recorded look by a named person."""

    review_id: UUID
    child_id: UUID
    at: datetime
    on_day: date
    score_id: UUID | None
    note: str
    client_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A child in the risk list: never a name."""

    child_id: UUID
    team: str | None
    standing: Standing
    rating: Rating | None
    last_review: Review | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of the list; None asks for all."""

    band: str | None = None
    team: str | None = None
    changed_since: datetime | None = None
    not_reviewed_since: date | None = None
    overdue_on: date | None = None


def place_of(band: str | None, bands: Sequence[Band]) -> int:
    """How urgent a band is; smaller comes first. A band that the model doesn't have counts as
    none: it must not sink."""
    ids = [each.id for each in bands]
    if band not in ids:
        return NOT_RATED
    below = len(ids) - 1 - ids.index(band)
    return HIGHEST if below == 0 else NOT_RATED + below


def is_high(place: int, rated_on: date | None) -> bool:
    """Whether a child stands in the highest band, or was rated and nobody knows how high."""
    return place == HIGHEST or (place == NOT_RATED and rated_on is not None)


def after_rating(
    before: Standing, rating: Rating, bands: Sequence[Band], recorded_at: datetime
) -> Standing:
    """Where a child stands after a new rating."""
    band = rating.band_in_force
    first = before.rated_on is None
    within = next((each.review_within for each in bands if each.id == band), None)
    return Standing(
        place=place_of(band, bands),
        band=band,
        changed_at=recorded_at if first or band != before.band else before.changed_at,
        rated_on=before.rated_on or rating.as_of,
        review_within=within,
        reviewed_on=before.reviewed_on,
    )


def after_merge(survivor: Standing, merged: Standing, at: datetime) -> Standing | None:
    """Where the survivor stands by the rating of the record merged into it, until scoring has
    rated the whole: what is known of a child must not sink. None: its own rating stands."""
    if merged.rated_on is None or (
        survivor.rated_on is not None and survivor.place <= merged.place
    ):
        return None
    return replace(
        merged,
        changed_at=survivor.changed_at if merged.band == survivor.band else at,
        rated_on=min(merged.rated_on, survivor.rated_on or merged.rated_on),
        reviewed_on=survivor.reviewed_on,
    )


def due_on(start: date, within: str) -> date | None:
    """So many days or calendar months later, the month's end clamped; None if it isn't such."""
    match = _WITHIN.fullmatch(within)
    if match is None:
        return None
    amount = int(match[1])
    if match[2] == "D":
        return start + timedelta(days=amount)
    years, month = divmod(start.month - 1 + amount, 12)
    year = start.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))
