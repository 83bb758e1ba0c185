"""Ages, on both sides of every birthday."""

from datetime import date

import pytest

from shared.domain.ages import age_on


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("2006-06-01", "2020-05-31", 13),
        ("2006-06-01", "2020-06-01", 14),
        ("2006-06-01", "2020-06-02", 14),
        ("2006-12-31", "2021-01-01", 14),
        # 29 February: on 1 March in other years.
        ("2008-02-29", "2021-02-28", 12),
        ("2008-02-29", "2021-03-01", 13),
        ("2008-02-29", "2024-02-28", 15),
        ("2008-02-29", "2024-02-29", 16),
        # The day of birth, and before it.
        ("2021-01-10", "2021-01-10", 0),
        ("2021-01-10", "2021-01-09", None),
    ],
)
def test_an_age_rises_as_the_birthday_begins(born: str, day: str, age: int | None) -> None:
    assert age_on(date.fromisoformat(day), date.fromisoformat(born)) == age
