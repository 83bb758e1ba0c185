"""Ages of children and of evidence, by calendar date (Europe/London; no clock, no time of day)."""

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from typing_extensions import override

DURATION = re.compile(r"P(0|[1-9][0-9]{0,4})([DM])")


class Duration(NamedTuple):
    """So many days or so many calendar months; written `P84D` or `P6M`.

    A named tuple because it is looked up by hash for every window of every score.
    """

    amount: int
    unit: Literal["D", "M"]

    @override
    def __str__(self) -> str:
        return f"P{self.amount}{self.unit}"

    @property
    def least_days(self) -> int:
        """The fewest days this can be, to compare months with days."""
        return self.amount if self.unit == "D" else self.amount * 28

    @property
    def most_days(self) -> int:
        return self.amount if self.unit == "D" else self.amount * 31


def parse_duration(text: str) -> Duration:
    match = DURATION.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Duration(int(match[1]), "D" if match[2] == "D" else "M")


@lru_cache(maxsize=4096)
def before(as_of: date, duration: Duration) -> date:
    """`as_of` less a duration; the month's end is clamped: 31 August less 6 months is 28 February.

    Windows are made by going back from `as_of`, never forward from an observation (DESIGN 4).
    """
    if duration.unit == "D":
        return as_of - timedelta(days=duration.amount)
    year, month = divmod(as_of.year * 12 + as_of.month - 1 - duration.amount, 12)
    return date(year, month + 1, min(as_of.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def first_day_reaching(day: date, duration: Duration) -> date:
    """The first as_of whose `before` is `day` or later: when `day` turns as old as `duration`."""
    if duration.unit == "D":
        return day + timedelta(days=duration.amount)
    year, month = divmod(day.year * 12 + day.month - 1 + duration.amount, 12)
    found = date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    while before(found, duration) < day:
        found += timedelta(days=1)
    return found


def age_on(day: date, date_of_birth: date) -> int:
    """Whole years; rises as the birthday begins; 29 February's is 1 March in other years."""
    had_birthday = (day.month, day.day) >= (date_of_birth.month, date_of_birth.day)
    return day.year - date_of_birth.year - (not had_birthday)


def birthday(date_of_birth: date, years: int) -> date:
    """The day on which the age becomes `years`."""
    year = date_of_birth.year + years
    if (date_of_birth.month, date_of_birth.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return date_of_birth.replace(year=year)
