"""What a code list is, and which of its codes counted on a day. Pure tables: no child in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Owner(StrEnum):
    """Who decides what is in a list."""

    DFE = "dfe"
    POLICE = "police"
    AMBER = "amber"


class Valid(StrEnum):
    """Whether a code counted on a day. What our source doesn't say is not known, not no."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class Code:
    """A code. `in_force_by`: it counted from that day on at the latest; `ended_by`: it counted no
    more from that day on, at the latest. When exactly it began or ended our source doesn't say."""

    code: str
    title: str
    in_force_by: date | None = None
    ended_by: date | None = None
    maps_to: str | None = None
    """The code of another list (`CodeList.maps_to`) that stands for it there."""
    loss: str | None = None
    """What the mapping can't carry over."""


@dataclass(frozen=True, slots=True)
class CodeList:
    """A list of codes, and where it is from."""

    name: str
    title: str
    owner: Owner
    source: str
    codes: tuple[Code, ...]
    maps_to: str | None = None
    note: str | None = None


def validity(code: Code, day: date) -> Valid:
    """Whether a code counted on a day."""
    if code.ended_by is not None and day >= code.ended_by:
        return Valid.NO
    if code.in_force_by is not None and day >= code.in_force_by:
        return Valid.YES
    return Valid.NOT_KNOWN


def codes_at(found: CodeList, day: date | None) -> Iterator[tuple[Code, Valid | None]]:
    """The codes that may have counted on a day; without a day every code there ever was."""
    for code in found.codes:
        valid = None if day is None else validity(code, day)
        if valid is not Valid.NO:
            yield code, valid
