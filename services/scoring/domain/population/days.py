"""Days in columns: proleptic ordinals as `date.toordinal` counts them, as int32."""

from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.scoring.domain.dates import Duration

Ints = npt.NDArray[np.int32]
Shorts = npt.NDArray[np.int16]
Wide = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1).toordinal()
MONTHS_IN_YEAR = 12


class Calendar(NamedTuple):
    year: Ints
    month: Ints
    day: Ints


def calendar(days: Ints) -> Calendar:
    stamps = (days - EPOCH).astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    count = months.astype(np.int64)
    day = (stamps - months.astype("datetime64[D]")).astype(np.int64) + 1
    return Calendar(
        (count // MONTHS_IN_YEAR + 1970).astype(np.int32),
        (count % MONTHS_IN_YEAR + 1).astype(np.int32),
        day.astype(np.int32),
    )


def before(days: Ints, duration: Duration) -> Ints:
    """As `dates.before`, for a column: back by months with the month's end clamped."""
    if duration.unit == "D":
        return days - np.int32(duration.amount)
    return moved(days, -duration.amount)


def first_day_reaching(days: Ints, duration: Duration) -> Ints:
    """As `dates.first_day_reaching`, for a column."""
    if duration.unit == "D":
        return days + np.int32(duration.amount)
    found = moved(days, duration.amount)
    while np.any(early := before(found, duration) < days):
        found = np.where(early, found + 1, found).astype(np.int32)
    return found


def moved(days: Ints, months: int) -> Ints:
    stamps = (days - EPOCH).astype("datetime64[D]")
    month = stamps.astype("datetime64[M]")
    day = stamps - month.astype("datetime64[D]")
    target = month + np.timedelta64(months, "M")
    first = target.astype("datetime64[D]")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    ordinals: Ints = np.minimum(first + day, last).astype(np.int64).astype(np.int32)
    return ordinals + np.int32(EPOCH)


def ages(days: Ints | np.int32, birth: Calendar) -> Ints:
    """Whole years on a day for each child, or on one for all, as `dates.age_on`."""
    year, month, day = one_day(int(days)) if np.ndim(days) == 0 else calendar(np.asarray(days))
    had_birthday = (month > birth.month) | ((month == birth.month) & (day >= birth.day))
    years: Ints = (year - birth.year - ~had_birthday).astype(np.int32)
    return years


def one_day(ordinal: int) -> tuple[int, int, int]:
    day = date.fromordinal(ordinal)
    return day.year, day.month, day.day


def birthdays(birth: Calendar, years: Ints) -> Ints:
    """The days on which the ages become `years`, as `dates.birthday`."""
    months = (birth.year + years - 1970) * MONTHS_IN_YEAR + birth.month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    ordinals: Ints = (first + EPOCH + birth.day - 1).astype(np.int32)
    return ordinals
