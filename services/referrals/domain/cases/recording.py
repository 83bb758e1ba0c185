"""What can't be recorded of the work in a case."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from services.referrals.domain.cases.words import ActionState
from shared.domain.errors import FieldError
from shared.domain.london import london_date

AHEAD = ("review_on", "due_on", "next_review_on", "follow_up_on")
"""Fields that name a day for something still to come."""


def faults(on_day: date, content: Mapping[str, Any], now: datetime) -> Iterator[FieldError]:
    """Everything wrong with the days of a record. `on_day`: when it took place, or was made."""
    if on_day > london_date(now):
        yield FieldError("/on", "in_the_future", "Write today or a day before.")
    if (at := content.get("at")) is not None:
        began = datetime.fromisoformat(at)
        if london_date(began) != on_day:
            yield FieldError("/at", "another_day", "Write a time on the day in `on`, in London.")
        elif began > now:
            yield FieldError("/at", "in_the_future", "Write a time that has passed.")
    for name in AHEAD:
        if (day := content.get(name)) is not None and date.fromisoformat(day) < on_day:
            yield FieldError(f"/{name}", "before_on", "Write the day in `on`, or one after it.")


def is_to_be_done(content: Mapping[str, Any], *, withdrawn: bool) -> bool:
    """Whether a record is an action that is still to be done."""
    return content.get("state") == ActionState.OPEN and not withdrawn
