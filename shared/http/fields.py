"""Field types that every API here shares: strict where guessing could change a fact."""

import re
from datetime import date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from shared.domain.errors import ValueRefusedError

EARLIEST_YEAR = 1900
LAST_YEAR = 9999

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _calendar_date(value: object) -> object:
    # Left to itself pydantic takes 0 for 1970-01-01 and drops the time of an instant.
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        raise PydanticCustomError("date_parsing", "a calendar date")
    return value


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def printable(value: str) -> str:
    """Refuses control characters: PostgreSQL keeps no NUL, and terminals obey the others."""
    if _CONTROL.search(value):
        raise ValueRefusedError("control_character", "Leave out control characters such as NUL.")
    return value


CalendarDate = Annotated[
    date,
    BeforeValidator(_calendar_date),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-05-28"]}),
]
"""A date as YYYY-MM-DD and nothing else. It means the calendar day in Europe/London."""


def _in_our_time(value: datetime) -> datetime:
    # At either end of the calendar, the same instant has no date in another zone.
    if not EARLIEST_YEAR <= value.year < LAST_YEAR:
        raise ValueRefusedError("out_of_range", "Write an instant of the year 1900 or later.")
    return value


Instant = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
"""A moment with its offset from UTC."""

WrittenReason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=20, max_length=2_000),
    AfterValidator(printable),
]
"""Why a person decides so: a sentence at least, in words."""
