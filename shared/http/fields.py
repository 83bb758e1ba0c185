"""Field types that every API here shares: strict where guessing could change a fact."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _calendar_date(value: object) -> object:
    # Left to itself pydantic takes 0 for 1970-01-01 and drops the time of an instant.
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        raise PydanticCustomError("date_parsing", "a calendar date")
    return value


CalendarDate = Annotated[
    date,
    BeforeValidator(_calendar_date),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-05-28"]}),
]
"""A date as YYYY-MM-DD and nothing else. It means the calendar day in Europe/London."""
