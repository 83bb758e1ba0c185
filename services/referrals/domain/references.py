"""The reference number by which people name a referral: CE-2026-000018.

The year it was received, a running number, and a check digit over both, so that a slip of the pen
is noticed and no other child's referral is opened.
"""

import re

from shared.domain.check_digits import check_digit
from shared.domain.errors import ValueRefusedError

SERIAL_DIGITS = 5
"""At least so many; a year with more referrals than they count has longer numbers."""

_REFERENCE = re.compile(r"CE-([0-9]{4})-([0-9]{5,11})([0-9])")


def reference_of(year: int, serial: int) -> str:
    """The reference of a year's referral of that number."""
    digits = f"{serial:0{SERIAL_DIGITS}d}"
    return f"CE-{year:04d}-{digits}{check_digit(f'{year:04d}{digits}')}"


def spelled_reference(value: str) -> str:
    """A reference as it is stored: trimmed, in capitals.

    Raises:
        ValueRefusedError: it isn't one (`invalid_reference`): mistyped, as a rule.
    """
    spelling = value.strip().upper() if value.isascii() else ""
    match = _REFERENCE.fullmatch(spelling)
    if match is None or check_digit(match[1] + match[2]) != match[3]:
        raise ValueRefusedError(
            "invalid_reference",
            "Write a reference such as CE-2026-000018; its last digit checks the others.",
        )
    return spelling
