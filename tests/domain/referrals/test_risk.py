"""Where a child stands in the risk list, and when somebody looks again."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.referrals.domain.rating import Rating
from services.referrals.domain.risk import (
    Band,
    Standing,
    after_merge,
    after_rating,
    due_on,
    place_of,
)

BANDS = (Band("low", "P84D"), Band("raised", None), Band("high", "P1M"))
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
RATING = Rating(UUID(int=1), "m", "1", date(2026, 6, 1), "complete", "3", "low")


@pytest.mark.parametrize(
    ("band", "place"), [("high", 0), (None, 1), ("unheard_of", 1), ("raised", 2), ("low", 3)]
)
def test_who_is_not_rated_comes_right_behind_the_highest_band(band: str | None, place: int) -> None:
    assert place_of(band, BANDS) == place


def test_without_the_order_of_bands_nobody_sinks() -> None:
    assert place_of("low", ()) == 1


@pytest.mark.parametrize(
    ("start", "within", "due"),
    [
        ("2026-06-01", "P84D", "2026-08-24"),
        ("2026-01-31", "P1M", "2026-02-28"),
        ("2028-01-31", "P1M", "2028-02-29"),
        ("2026-11-30", "P3M", "2027-02-28"),
        ("2026-12-31", "P12M", "2027-12-31"),
    ],
)
def test_a_review_is_due_so_much_later(start: str, within: str, due: str) -> None:
    assert due_on(date.fromisoformat(start), within) == date.fromisoformat(due)


def test_the_clock_starts_at_the_first_rating_and_a_review_starts_it_again() -> None:
    first = after_rating(Standing(), RATING, BANDS, AT)
    assert (first.place, first.changed_at, first.review_due_on) == (3, AT, date(2026, 8, 24))
    later = replace(RATING, as_of=date(2026, 7, 1))
    again = after_rating(first, later, BANDS, AT.replace(month=7))
    assert (again.changed_at, again.review_due_on) == (AT, date(2026, 8, 24))
    reviewed = replace(again, reviewed_on=date(2026, 7, 2))
    assert reviewed.review_due_on == date(2026, 9, 24)


def test_a_band_that_rises_is_due_by_its_own_time_from_the_last_look() -> None:
    before = replace(after_rating(Standing(), RATING, BANDS, AT), reviewed_on=date(2026, 6, 3))
    risen = after_rating(before, replace(RATING, band="high"), BANDS, AT.replace(day=20))
    assert (risen.place, risen.changed_at) == (0, AT.replace(day=20))
    assert risen.review_due_on == date(2026, 7, 3)


UNRATED = Standing()
HIGH, LOW, WITHHELD = (
    Standing(place, band, AT, date(2026, 5, day), "P84D")
    for place, band, day in ((0, "high", 1), (3, "low", 2), (1, None, 3))
)


@pytest.mark.parametrize(
    ("survivor", "merged", "band"),
    [
        (LOW, HIGH, "high"),
        (HIGH, LOW, "high"),
        (UNRATED, LOW, "low"),
        (LOW, UNRATED, "low"),
        (UNRATED, UNRATED, None),
        # A band that is withheld stands before low bands, and behind the highest.
        (LOW, WITHHELD, None),
        (HIGH, WITHHELD, "high"),
    ],
)
def test_after_a_merge_the_more_urgent_rating_stands(
    survivor: Standing, merged: Standing, band: str | None
) -> None:
    reviewed = replace(survivor, reviewed_on=date(2026, 5, 20))
    later = AT.replace(month=7)
    stands = after_merge(reviewed, merged, later)
    assert (stands or reviewed).band == band
    assert (stands or reviewed).reviewed_on == date(2026, 5, 20)
    if stands is not None:
        assert stands.changed_at == (AT if band == survivor.band else later)
        rated = [each.rated_on for each in (survivor, merged) if each.rated_on is not None]
        assert stands.rated_on == min(rated)


def test_a_judgement_stands_before_the_score() -> None:
    judged = replace(RATING, judged_band="high")
    assert after_rating(Standing(), judged, BANDS, AT).place == 0


def test_a_band_without_a_time_is_never_due() -> None:
    raised = after_rating(Standing(), replace(RATING, band="raised"), BANDS, AT)
    assert raised.review_due_on is None
