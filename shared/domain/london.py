"""Calendar dates as people in England count them.

A rule that speaks of days, months or birthdays means dates in Europe/London; an instant becomes
such a date here and nowhere else.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def london_date(instant: datetime) -> date:
    """The calendar date in London at an aware instant."""
    return instant.astimezone(LONDON).date()
