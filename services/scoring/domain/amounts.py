"""Exact decimals: text outside, integers scaled by a number of decimals inside; never rounded."""

import re
from functools import lru_cache

NUMBER_DECIMALS = 6
"""Observed numbers (days missed, a saturation) are exact to this many decimals."""

DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]+)?")


class NotExact(ValueError):  # noqa: N818 - named for what happened
    """The text is not a decimal, or has more decimals than fit."""


def parse(text: str, decimals: int) -> int:
    """`5.25` with two decimals is 525. Raises `NotExact` rather than round."""
    if not DECIMAL.fullmatch(text):
        raise NotExact(text)
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0")
    if len(fraction) > decimals:
        raise NotExact(text)
    return int(whole + fraction.ljust(decimals, "0"))


@lru_cache(maxsize=4096)
def write(value: int, decimals: int) -> str:
    """The canonical text of a scaled value: no trailing zeros, no minus before zero."""
    if decimals == 0:
        return str(value)
    whole, fraction = divmod(abs(value), 10**decimals)
    digits = f"{fraction:0{decimals}d}".rstrip("0")
    sign = "-" if value < 0 else ""
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def canonical(text: str) -> str:
    """`5.0` and `5` are the same decimal, and written `5`."""
    decimals = len(text.partition(".")[2].rstrip("0"))
    return write(parse(text, decimals), decimals)


def parse_number(text: str) -> int:
    """An observed number, in millionths."""
    return parse(text, NUMBER_DECIMALS)


def is_number(text: str) -> bool:
    try:
        parse_number(text)
    except NotExact:
        return False
    return True
