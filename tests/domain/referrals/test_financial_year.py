"""Financial years and their quarters, on both sides of every border."""

from datetime import date

import pytest

from services.referrals.domain.financial_year import financial_year, quarter_of
from shared.domain.errors import ValueRefusedError


@pytest.mark.parametrize(
    ("label", "first_day", "last_day", "before"),
    [
        ("2020-21", "2020-04-01", "2021-03-31", "2019-20"),
        ("1999-00", "1999-04-01", "2000-03-31", "1998-99"),
        ("2000-01", "2000-04-01", "2001-03-31", "1999-00"),
    ],
)
def test_a_year_runs_from_april_to_march(
    label: str, first_day: str, last_day: str, before: str
) -> None:
    year = financial_year(label)
    assert year.label == label
    assert (year.first_day, year.last_day) == (
        date.fromisoformat(first_day),
        date.fromisoformat(last_day),
    )
    assert year.before.label == before


@pytest.mark.parametrize(
    "label",
    [
        "",
        "2020",
        "2020-2021",
        "2020-22",
        "2020-20",
        "2020/21",
        "20-21",
        " 2020-21",
        "2020-21\n",
        "1899-00",
        "9999-00",
        "\u0662\u0660\u0662\u0660-21",
    ],
)
def test_any_other_spelling_is_refused(label: str) -> None:
    with pytest.raises(ValueRefusedError) as refused:
        financial_year(label)
    assert refused.value.code == "invalid_period"


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2020-04-01", "Q1"),
        ("2020-06-30", "Q1"),
        ("2020-07-01", "Q2"),
        ("2020-09-30", "Q2"),
        ("2020-10-01", "Q3"),
        ("2020-12-31", "Q3"),
        ("2021-01-01", "Q4"),
        ("2021-03-31", "Q4"),
    ],
)
def test_a_quarter_is_three_months_from_april_on(day: str, quarter: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter
