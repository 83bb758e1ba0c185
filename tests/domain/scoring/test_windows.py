"""Windows are ages, half open, by calendar date: (as_of - to, as_of - from]."""

from datetime import date

import pytest

from services.scoring.domain.dates import (
    Duration,
    age_on,
    before,
    birthday,
    first_day_reaching,
)

MONTHS = {
    "a plain month": ("2026-06-15", 6, "2025-12-15"),
    "the month's end is clamped": ("2026-08-31", 6, "2026-02-28"),
    "in a leap year to the 29th": ("2024-08-31", 6, "2024-02-29"),
    "from a leap day": ("2024-02-29", 12, "2023-02-28"),
    "over the year's end": ("2026-01-31", 2, "2025-11-30"),
    "no months at all": ("2026-03-31", 0, "2026-03-31"),
}


@pytest.mark.parametrize(("as_of", "months", "expected"), MONTHS.values(), ids=MONTHS.keys())
def test_months_are_subtracted_from_as_of(as_of: str, months: int, expected: str) -> None:
    assert before(date.fromisoformat(as_of), Duration(months, "M")).isoformat() == expected


@pytest.mark.parametrize("unit", ["D", "M"])
@pytest.mark.parametrize("amount", [0, 1, 6, 12])
def test_a_day_turns_as_old_as_a_duration_on_the_first_day_that_reaches_it(
    unit: str, amount: int
) -> None:
    length = Duration(amount, "D" if unit == "D" else "M")
    for ordinal in range(date(2023, 12, 1).toordinal(), date(2025, 4, 1).toordinal()):
        day = date.fromordinal(ordinal)
        first = first_day_reaching(day, length)
        assert before(first, length) >= day
        assert before(date.fromordinal(first.toordinal() - 1), length) < day


AGES = {
    "the day before the birthday": ("2010-06-15", "2023-06-14", 12),
    "the birthday": ("2010-06-15", "2023-06-15", 13),
    "29 February, on 28 February": ("2008-02-29", "2023-02-28", 14),
    "29 February, on 1 March": ("2008-02-29", "2023-03-01", 15),
    "29 February in a leap year": ("2008-02-29", "2024-02-29", 16),
    "before birth": ("2010-06-15", "2010-06-14", -1),
}


@pytest.mark.parametrize(("born", "day", "age"), AGES.values(), ids=AGES.keys())
def test_age_rises_at_the_start_of_the_birthday(born: str, day: str, age: int) -> None:
    birth = date.fromisoformat(born)

    assert age_on(date.fromisoformat(day), birth) == age
    assert age_on(birthday(birth, age + 1), birth) == age + 1
