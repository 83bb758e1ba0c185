"""Kinds of values in request bodies: each bounded, each spelled in one way."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from services.referrals.domain.commands import LONGEST_REASON, SHORTEST_REASON
from services.referrals.domain.financial_year import financial_year
from services.referrals.domain.referral import EARLIEST_DATE
from shared.domain.errors import ValueRefusedError
from shared.http.fields import CalendarDate

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_BREAK = re.compile(r"[\n\r\t]")


def _printable(value: str) -> str:
    # PostgreSQL keeps no NUL, and terminals obey the others.
    if _CONTROL.search(value):
        raise ValueRefusedError("control_character", "Leave out control characters such as NUL.")
    return value


def _one_line(value: str) -> str:
    if _LINE_BREAK.search(value):
        raise ValueRefusedError("line_break", "Write it on one line.")
    return _printable(value)


LATEST_DATE = date(2199, 12, 31)
"""After it nothing of ours will happen; rules may count on from any date that is taken."""


def _in_our_time(value: date) -> date:
    if value < EARLIEST_DATE:
        raise ValueRefusedError("too_early", "Write a date from 1900-01-01 on.")
    if value > LATEST_DATE:
        raise ValueRefusedError("too_late", f"Write a date up to {LATEST_DATE}.")
    return value


Day = Annotated[CalendarDate, AfterValidator(_in_our_time)]
"""A calendar date, YYYY-MM-DD."""


def _text(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


Name = Annotated[str, _text(100), AfterValidator(_one_line)]
"""A name or a short reference, on one line."""

Team = Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9][a-z0-9_-]*$")]
"""A team as the gateway's policy names it."""

PersonId = Annotated[str, Field(max_length=100, pattern=r"^[!-~]+$", examples=["p-0001"])]
"""A person as the gateway's tokens name them."""

Summary = Annotated[str, _text(4_000), AfterValidator(_printable)]
"""Free text, several lines."""

Reason = Annotated[str, _text(2_000), AfterValidator(_printable)]
"""Free text that gives a reason."""

LongReason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=SHORTEST_REASON, max_length=LONGEST_REASON),
    AfterValidator(_printable),
]
"""A reason that says something, where the rules don't look for one themselves."""

Source = Annotated[str, _text(300), AfterValidator(_one_line)]
"""Where something was published, on one line."""


def _financial_year(value: str) -> str:
    return financial_year(value).label


Period = Annotated[str, Field(max_length=20, examples=["2020-21"]), AfterValidator(_financial_year)]
"""A financial year, as in 2020-21."""
