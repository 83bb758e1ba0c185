"""Working days in England, over weekends, bank holidays and the ends of years."""

from datetime import UTC, date, datetime

import pytest

from shared.domain.london import london_date
from shared.domain.working_days import is_working_day, working_days_after, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-06-01", True),  # a Monday
        ("2026-06-05", True),
        ("2026-06-06", False),
        ("2026-06-07", False),
        ("2026-01-01", False),
        ("2026-04-02", True),
        ("2026-04-03", False),  # Good Friday
        ("2026-04-06", False),  # Easter Monday
        ("2026-05-04", False),
        ("2026-05-25", False),
        ("2026-08-03", True),  # a bank holiday in Scotland alone
        ("2026-08-31", False),
        ("2026-07-13", True),  # in Northern Ireland alone
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-28", False),  # for Boxing Day, a Saturday
        ("2026-12-29", True),
        ("2022-12-26", False),
        ("2022-12-27", False),  # for Christmas Day, a Sunday
        ("2022-01-03", False),  # for New Year's Day, a Saturday
        ("2020-05-04", True),  # moved to Friday 8 May that year
        ("2020-05-08", False),
        ("2022-06-03", False),  # once only
        ("2022-09-19", False),
        ("2023-05-08", False),
    ],
)
def test_offices_are_open_on_working_days(day: str, works: bool) -> None:
    assert is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        ("2026-06-01", 0, "2026-06-01"),
        ("2026-06-01", 1, "2026-06-02"),
        ("2026-06-01", 5, "2026-06-08"),
        ("2026-06-01", 10, "2026-06-15"),
        ("2026-06-05", 1, "2026-06-08"),
        # What comes in at the weekend is due on Monday as what came on Friday is.
        ("2026-06-06", 1, "2026-06-08"),
        ("2026-06-07", 1, "2026-06-08"),
        ("2026-06-06", 0, "2026-06-08"),
        ("2026-06-06", 2, "2026-06-09"),
        # Easter.
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-04-03", 1, "2026-04-07"),
        ("2026-04-06", 0, "2026-04-07"),
        # Christmas, the turn of the year.
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-12-24", 2, "2027-12-30"),
        # The end of a financial year; 2024's lies between Good Friday and Easter Monday.
        ("2026-03-31", 1, "2026-04-01"),
        ("2024-03-28", 1, "2024-04-02"),
        ("2024-03-31", 5, "2024-04-08"),
        ("2021-03-31", 2, "2021-04-06"),
        # The nights in which the clocks change.
        ("2026-03-27", 1, "2026-03-30"),
        ("2026-10-23", 1, "2026-10-26"),
        ("2028-02-28", 1, "2028-02-29"),
    ],
)
def test_so_many_working_days_after_a_day(day: str, count: int, found: str) -> None:
    assert working_days_after(date.fromisoformat(day), count).isoformat() == found


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        ("2026-06-01", "2026-06-01", 0),
        ("2026-06-01", "2026-06-02", 1),
        ("2026-06-05", "2026-06-07", 0),
        ("2026-06-05", "2026-06-08", 1),
        ("2026-04-02", "2026-04-07", 1),
        ("2026-12-24", "2027-01-04", 4),
        ("2026-06-02", "2026-06-01", 0),
    ],
)
def test_the_working_days_between_two_days(first: str, last: str, count: int) -> None:
    assert working_days_between(date.fromisoformat(first), date.fromisoformat(last)) == count


@pytest.mark.parametrize(
    ("instant", "due"),
    [
        # Summer time begins at 01:00 UTC on Sunday 29 March 2026, and ends on 25 October.
        ("2026-03-27T23:30", "2026-03-30"),
        ("2026-03-29T23:30", "2026-03-31"),  # Monday in London already
        ("2026-06-01T22:59", "2026-06-02"),
        ("2026-06-01T23:00", "2026-06-03"),
        ("2026-10-23T22:59", "2026-10-26"),
        ("2026-10-25T23:30", "2026-10-26"),  # Sunday still
        ("2026-12-31T23:59", "2027-01-04"),
        # The last hour of a financial year in London is the last but one in UTC.
        ("2026-03-31T22:59", "2026-04-01"),
        ("2026-03-31T23:00", "2026-04-02"),
    ],
)
def test_an_instant_counts_by_its_day_in_london(instant: str, due: str) -> None:
    at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert working_days_after(london_date(at), 1).isoformat() == due
