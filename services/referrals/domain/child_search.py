"""Searching for a child: what a search needs, and how well a child answers it. It orders what a
person looks at; it never says who a child is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from services.referrals.domain.child import Identifier
from services.referrals.domain.child_names import keys_of, plain, words
from services.referrals.domain.codes import Sex
from shared.domain.errors import FieldError

MOST = 20
"""So many candidates are shown; who needs more must know more."""
LEAST = 30
"""A child who answers less well than this is no candidate."""
_ALIKE = 0.8
A_YEAR = timedelta(days=366)
"""As far as an estimate of a date of birth may be out."""


class MatchReason(StrEnum):
    """Why a child is a candidate, or a weaker one."""

    IDENTIFIER_SAME = "identifier_same"
    FAMILY_NAME_SAME = "family_name_same"
    FAMILY_NAME_SIMILAR = "family_name_similar"
    GIVEN_NAME_SAME = "given_name_same"
    GIVEN_NAME_SIMILAR = "given_name_similar"
    NAMES_SWAPPED = "names_swapped"
    DATE_OF_BIRTH_SAME = "date_of_birth_same"
    DAY_AND_MONTH_SWAPPED = "day_and_month_swapped"
    DATE_OF_BIRTH_ONE_PART_DIFFERS = "date_of_birth_one_part_differs"
    DATE_OF_BIRTH_NEAR_ESTIMATE = "date_of_birth_near_estimate"
    DATE_OF_BIRTH_DIFFERS = "date_of_birth_differs"
    SEX_DIFFERS = "sex_differs"


POINTS = {
    MatchReason.IDENTIFIER_SAME: 100,
    MatchReason.FAMILY_NAME_SAME: 30,
    MatchReason.FAMILY_NAME_SIMILAR: 20,
    MatchReason.GIVEN_NAME_SAME: 20,
    MatchReason.GIVEN_NAME_SIMILAR: 15,
    MatchReason.NAMES_SWAPPED: 40,
    MatchReason.DATE_OF_BIRTH_SAME: 40,
    MatchReason.DAY_AND_MONTH_SWAPPED: 30,
    MatchReason.DATE_OF_BIRTH_ONE_PART_DIFFERS: 20,
    MatchReason.DATE_OF_BIRTH_NEAR_ESTIMATE: 20,
    MatchReason.DATE_OF_BIRTH_DIFFERS: -25,
    MatchReason.SEX_DIFFERS: -10,
}


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody knows of the child they look for."""

    identifiers: frozenset[Identifier] = frozenset()
    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    sex: Sex | None = None

    @property
    def keys(self) -> frozenset[str]:
        """How the names sound."""
        return keys_of((self.given_name, self.family_name))

    @property
    def swapped_birth(self) -> date | None:
        """The date of birth with day and month in each other's place, if there is such a day."""
        born = self.date_of_birth
        if born is None or born.day > 12:
            return None
        return date(born.year, born.day, born.month)

    @property
    def near_births(self) -> list[date]:
        """The dates within a year of the date of birth that don't speak against a child."""
        born = self.date_of_birth
        if born is None:
            return []
        around = (born + timedelta(days=days) for days in range(-A_YEAR.days, A_YEAR.days + 1))
        differs = MatchReason.DATE_OF_BIRTH_DIFFERS
        return [day for day in around if _by_birth(self, born, day) is not differs]


@dataclass(frozen=True, slots=True)
class FullName:
    """A name that a child is known by."""

    given: str | None
    family: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A record, as far as a search compares it. `child_id`: under which the child is known."""

    child_id: UUID
    names: Sequence[FullName]
    date_of_birth: date | None
    date_of_birth_estimated: bool
    sex: Sex | None
    identifier_found: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child who may be the one, and why."""

    child_id: UUID
    score: int
    reasons: tuple[MatchReason, ...]


def faults(sought: Sought) -> Iterator[FieldError]:
    """What is missing: nobody leafs through children by one name."""
    names = (sought.given_name, sought.family_name)
    known = [*map(bool, map(words, names)), sought.date_of_birth is not None]
    if not sought.identifiers and sum(known) < 2:
        yield FieldError(
            "",
            "too_little_to_search",
            "Give an identifier, or two of given_name, family_name and date_of_birth.",
        )


def candidates(sought: Sought, compared: Sequence[Compared]) -> list[Candidate]:
    """Who may be meant, the likeliest first: each child once, by the record that answers best."""
    best: dict[UUID, Candidate] = {}
    for record in compared:
        candidate = weighed(sought, record)
        other = best.get(record.child_id)
        better = other is None or candidate.score > other.score
        if candidate.score >= LEAST and better and _is_enough(candidate.reasons):
            best[record.child_id] = candidate
    return sorted(best.values(), key=lambda each: (-each.score, each.child_id))


def weighed(sought: Sought, record: Compared) -> Candidate:
    """How well a record answers: the points of its reasons, within 0 and 100."""
    by_name = max((tuple(_names(sought, name)) for name in record.names), key=_sum, default=())
    number = (MatchReason.IDENTIFIER_SAME,) if record.identifier_found else ()
    reasons = (*number, *by_name, *_birth(sought, record), *_sex(sought, record))
    return Candidate(record.child_id, min(100, max(0, _sum(reasons))), reasons)


def _is_enough(reasons: Sequence[MatchReason]) -> bool:
    """One name, or one date, alone makes nobody a candidate."""
    alone = {MatchReason.IDENTIFIER_SAME, MatchReason.NAMES_SWAPPED}
    return not alone.isdisjoint(reasons) or sum(POINTS[each] > 0 for each in reasons) >= 2


def _sum(reasons: Sequence[MatchReason]) -> int:
    return sum(POINTS[each] for each in reasons)


def _names(sought: Sought, known: FullName) -> Iterator[MatchReason]:
    if _is_swapped(sought, known):
        yield MatchReason.NAMES_SWAPPED
        return
    if _same(sought.family_name, known.family):
        yield MatchReason.FAMILY_NAME_SAME
    elif _similar(sought.family_name, known.family):
        yield MatchReason.FAMILY_NAME_SIMILAR
    if _same(sought.given_name, known.given):
        yield MatchReason.GIVEN_NAME_SAME
    elif _similar(sought.given_name, known.given):
        yield MatchReason.GIVEN_NAME_SIMILAR


def _is_swapped(sought: Sought, known: FullName) -> bool:
    crossed = _same(sought.family_name, known.given) and _same(sought.given_name, known.family)
    return crossed and not _same(sought.family_name, known.family)


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and plain(one) == plain(other)


def _similar(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    heard_alike = bool(keys_of([one]) & keys_of([other]))
    return heard_alike or SequenceMatcher(None, plain(one), plain(other)).ratio() >= _ALIKE


def _birth(sought: Sought, record: Compared) -> Iterator[MatchReason]:
    wanted, known = sought.date_of_birth, record.date_of_birth
    if wanted is not None and known is not None:
        yield _by_birth(sought, wanted, known, estimated=record.date_of_birth_estimated)


def _by_birth(sought: Sought, wanted: date, known: date, *, estimated: bool = False) -> MatchReason:
    same = (wanted.year == known.year, wanted.month == known.month, wanted.day == known.day)
    if wanted == known:
        return MatchReason.DATE_OF_BIRTH_SAME
    if sought.swapped_birth == known:
        return MatchReason.DAY_AND_MONTH_SWAPPED
    if estimated and abs(wanted - known) <= A_YEAR:
        return MatchReason.DATE_OF_BIRTH_NEAR_ESTIMATE
    if sum(same) == 2:
        return MatchReason.DATE_OF_BIRTH_ONE_PART_DIFFERS
    return MatchReason.DATE_OF_BIRTH_DIFFERS


def _sex(sought: Sought, record: Compared) -> Iterator[MatchReason]:
    if {sought.sex, record.sex} == {Sex.FEMALE, Sex.MALE}:
        yield MatchReason.SEX_DIFFERS
