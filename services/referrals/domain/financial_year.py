"""Years as councils report them: from 1 April to 31 March, by calendar date in London."""

import re
from dataclasses import dataclass
from datetime import date

from shared.domain.errors import ValueRefusedError

FIRST, LAST = 1900, 2100

_LABEL = re.compile(r"([0-9]{4})-([0-9]{2})")


@dataclass(frozen=True, slots=True)
class FinancialYear:
    """The year that begins on 1 April of `start`."""

    start: int

    @property
    def label(self) -> str:
        """As people write it: 2020-21."""
        return f"{self.start}-{(self.start + 1) % 100:02d}"

    @property
    def first_day(self) -> date:
        """1 April."""
        return date(self.start, 4, 1)

    @property
    def last_day(self) -> date:
        """31 March."""
        return date(self.start + 1, 3, 31)

    @property
    def before(self) -> "FinancialYear":
        """The year before."""
        return FinancialYear(self.start - 1)


def financial_year(label: str) -> FinancialYear:
    """The year of a label such as 2020-21.

    Raises:
        ValueRefusedError: `invalid_period`, for anything else.
    """
    match = _LABEL.fullmatch(label)
    if match is not None and FIRST <= int(match[1]) <= LAST:
        year = FinancialYear(int(match[1]))
        if year.label == label:
            return year
    raise ValueRefusedError("invalid_period", "Write a financial year as in 2020-21.")


def quarter_of(day: date) -> str:
    """Q1 is April to June."""
    return f"Q{(day.month - 4) % 12 // 3 + 1}"
