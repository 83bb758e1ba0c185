"""A child as referrals knows the child, and what a new referral adds to that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from services.referrals.domain.codes import (
    Disability,
    Ethnicity,
    EthnicitySource,
    LegalStatus,
    NameKind,
    Sex,
)
from shared.domain.access import AccessFacts
from shared.domain.identifiers import IdentifierType


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A child's number in another system, as `shared.domain.identifiers` spells it."""

    type: IdentifierType
    value: str


@dataclass(frozen=True, slots=True)
class Details:
    """What describes a child but never finds one. `expected_on` is the day on which a child
    referred unborn was expected; it stays when the date of birth becomes known."""

    given_name: str | None = None
    family_name: str | None = None
    date_of_birth: date | None = None
    date_of_birth_estimated: bool = False
    expected_on: date | None = None
    sex: Sex | None = None
    ethnicity: Ethnicity | None = None
    ethnicity_source: EthnicitySource | None = None
    ethnicity_stated_on: date | None = None
    disabilities: frozenset[Disability] | None = None
    """None: not stated, which isn't none."""


NOT_OBTAINED: Mapping[str, str] = {
    "sex": Sex.UNKNOWN,
    "ethnicity": Ethnicity.NOT_YET_OBTAINED,
}
"""Codes that record the lack of an answer: they give way to an answer, and never replace one."""


@dataclass(frozen=True, slots=True)
class Dates:
    """From when to when; None: not known, or still."""

    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name beside the present one."""

    name_id: UUID
    kind: NameKind
    given_name: str | None
    family_name: str | None
    dates: Dates = Dates()


@dataclass(frozen=True, slots=True)
class LookedAfterPeriod:
    """A time in which a child was looked after under one legal status; the child still is while
    `ended_on` is None."""

    period_id: UUID
    legal_status: LegalStatus
    began_on: date
    ended_on: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it; its first and its last one do."""
        return self.began_on <= day <= (self.ended_on or date.max)


@dataclass(frozen=True, slots=True)
class GivenChild:
    """A child as a sender describes the child."""

    identifiers: frozenset[Identifier] = frozenset()
    details: Details = Details()
    access: AccessFacts = field(default_factory=AccessFacts)


@dataclass(frozen=True, slots=True)
class Child:
    """A record of a child: what was said of the child under this id, and of no other.
    `survivor_id` is the record that stands for the child where a person merged this one, directly
    `merged_into` it or into another that leads there."""

    child_id: UUID
    identifiers: frozenset[Identifier]
    details: Details
    access: AccessFacts
    merged_into: UUID | None = None
    survivor_id: UUID | None = None
    identifier_dates: Mapping[Identifier, Dates] = field(default_factory=dict)
    """Of those numbers whose first or last day is known."""
    names: tuple[OtherName, ...] = ()
    looked_after: tuple[LookedAfterPeriod, ...] = ()
    revision: int = 0
    """Counts the rows of the history of the child whom this record stands for."""


@dataclass(frozen=True, slots=True)
class Met:
    """A known child after a description of the child came in."""

    child: Child
    differing: Mapping[str, str]
    """Details that were sent and differ from what is known: kept with the referral as sent."""


def meet(known: Child, given: GivenChild, team: str | None = None) -> Met:
    """Add what is new. What is known stays: a typing error must neither block a concern nor
    overwrite a fact. A code that says no more than "not known" gives way to an answer, an
    estimated birth date to an exact one. Who may see the child is only ever narrowed this way.
    `team`: that of another record of the same child, which has no second one."""
    details, differing = known.details, {}
    for name in ("given_name", "family_name", "expected_on", "sex", "ethnicity", "disabilities"):
        before, sent = getattr(known.details, name), getattr(given.details, name)
        no_answer = (None, NOT_OBTAINED.get(name))
        if before in no_answer:
            details = replace(details, **{name: sent or before})
        elif sent not in no_answer and str(sent).casefold() != str(before).casefold():
            differing[name] = str(sent)
    if details.ethnicity != known.details.ethnicity:
        details = replace(
            details,
            ethnicity_source=given.details.ethnicity_source,
            ethnicity_stated_on=given.details.ethnicity_stated_on,
        )
    born, estimated = given.details.date_of_birth, given.details.date_of_birth_estimated
    exact_at_last = known.details.date_of_birth_estimated and born is not None and not estimated
    if known.details.date_of_birth is None or exact_at_last:
        details = replace(details, date_of_birth=born, date_of_birth_estimated=estimated)
    elif born is not None and born != known.details.date_of_birth:
        differing["date_of_birth"] = born.isoformat()
    access, team = given.access, known.access.team or team
    if access.team not in (None, team) and team is not None:
        differing["team"] = access.team
        access = replace(access, team=None)
    identifiers = known.identifiers | given.identifiers
    access = _narrowed(known.access, access)
    return Met(replace(known, identifiers=identifiers, details=details, access=access), differing)


def _narrowed(known: AccessFacts, given: AccessFacts) -> AccessFacts:
    """What hides a child counts whoever tells it; what would show the child more widely doesn't."""
    return AccessFacts(
        team=known.team or given.team,
        restricted=known.restricted or given.restricted,
        staff_relative=known.staff_relative or given.staff_relative,
    )
