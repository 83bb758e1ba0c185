"""The numbers by which other systems know a child, in the one spelling that is stored.

Referrals (which stores them) and scoring (which is sent them) must spell them alike.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from shared.domain.check_digits import is_nhs_number, is_upn
from shared.domain.errors import ValueRefusedError

LONGEST = 40


class IdentifierType(StrEnum):
    """Whose number it is."""

    NHS_NUMBER = "nhs_number"
    UPN = "upn"
    POLICE_URN = "police_urn"
    COUNCIL_ID = "council_id"


_REFERENCE = re.compile(rf"[A-Z0-9/-]{{1,{LONGEST}}}")


def _is_reference(value: str) -> bool:
    return bool(_REFERENCE.fullmatch(value))


_RULES: Mapping[IdentifierType, tuple[Callable[[str], bool], str]] = {
    IdentifierType.NHS_NUMBER: (
        is_nhs_number,
        "Write an NHS number: ten digits without spaces, the last one its check digit.",
    ),
    IdentifierType.UPN: (
        is_upn,
        "Write a unique pupil number: its check letter, then twelve digits "
        "(a temporary one ends in a letter).",
    ),
    IdentifierType.POLICE_URN: (
        _is_reference,
        f"Write 1 to {LONGEST} letters, digits, strokes and hyphens.",
    ),
    IdentifierType.COUNCIL_ID: (
        _is_reference,
        f"Write 1 to {LONGEST} letters, digits, strokes and hyphens.",
    ),
}


def spelled(kind: IdentifierType, value: str) -> str:
    """The identifier as it is stored: trimmed, in capitals.

    Raises:
        ValueRefusedError: it isn't an identifier of this type (`invalid_identifier`).
    """
    # ASCII first: capitals of other letters can turn into ASCII ones.
    spelling = value.strip().upper() if value.isascii() else ""
    is_right, what_to_write = _RULES[kind]
    if not is_right(spelling):
        raise ValueRefusedError("invalid_identifier", what_to_write)
    return spelling
