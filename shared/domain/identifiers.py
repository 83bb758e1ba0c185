"""The numbers by which other systems know a child: kinds, spelling, check digits."""

import re
from collections.abc import Callable, Mapping

from shared.domain.check_digits import is_nhs_number, is_upn

_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9/-]{0,39}")


def _is_reference(value: str) -> bool:
    return _REFERENCE.fullmatch(value) is not None


RULES: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "nhs_number": (is_nhs_number, "An NHS number is ten digits, the last one a check digit."),
    "upn": (
        is_upn,
        "A UPN is a check letter and twelve digits (a temporary one ends in a letter).",
    ),
    "police_urn": (_is_reference, "A police URN has at most 40 letters, digits, / and -."),
    "council_id": (_is_reference, "A council id has at most 40 letters, digits, / and -."),
}
"""Kind of identifier -> what makes a value right, and what to write instead."""


def spelled(value: str) -> str:
    """The one spelling of an identifier: upper case, without spaces."""
    return "".join(value.split()).upper()


def problem_with(kind: str, value: str) -> str | None:
    """What is wrong with an identifier (already in its one spelling), or None."""
    rule = RULES.get(kind)
    if rule is None:
        return f"Write one of: {', '.join(RULES)}."
    is_right, message = rule
    return None if is_right(value) else message
