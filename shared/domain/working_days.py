"""Working days in England: not Saturdays, Sundays or bank holidays.

A day here is a calendar date in London; whoever has an instant makes it one with `london_date`.
"""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

_DAY, _SATURDAY = timedelta(days=1), 5


def is_working_day(day: date) -> bool:
    """Whether offices in England work on that day."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays(day.year)


def working_days_after(day: date, count: int) -> date:
    """The day on which so many working days have come after `day`, which itself doesn't count.
    None of them: `day` itself, or the next working day."""
    found = day
    while not is_working_day(found):
        found += _DAY
    if count and found > day:
        count -= 1
    for _ in range(count):
        found += _DAY
        while not is_working_day(found):
            found += _DAY
    return found


def working_days_between(first: date, last: date) -> int:
    """How many working days come after `first`, up to `last`."""
    days = (last - first).days
    return sum(is_working_day(first + number * _DAY) for number in range(1, days + 1))


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    # Computed for years to come as the law stands: a day that is proclaimed for one year alone
    # comes with a newer version of the library.
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))
