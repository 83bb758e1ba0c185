"""Check digits: of the national numbers by which other systems know a child, and of our own."""

import re

UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NHS_NUMBER = re.compile(r"[0-9]{10}")
_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")


def is_nhs_number(value: str) -> bool:
    """Ten digits with a right check digit (NHS Data Dictionary: Modulus 11)."""
    if not _NHS_NUMBER.fullmatch(value):
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(value[:9], range(10, 1, -1), strict=True)
    )
    check = 11 - weighted % 11
    return int(value[9]) == (0 if check == 11 else check)


def is_upn(value: str) -> bool:
    """A unique pupil number (DfE): letter and 12 digits, the letter being the check.

    A temporary number ends in a letter instead of a digit; its check letter is not defined.
    """
    if not _UPN.fullmatch(value):
        return False
    if value[-1].isalpha():
        return True
    weighted = sum(int(digit) * weight for weight, digit in enumerate(value[1:], start=2))
    return value[0] == UPN_LETTERS[weighted % 23]


def check_digit(digits: str) -> str:
    """The digit that makes them a number by ISO/IEC 7064, MOD 11,10: it finds every single wrong
    digit, and nearly every two that changed places."""
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)
