"""Every record of one child. A person merges two records and can part them again.

Nothing moves: each record keeps what was said of it, and what holds for the child follows from all
of them. So unmerging brings back exactly what was there, with what came in since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.referrals.domain.child import (
    Child,
    Dates,
    Details,
    GivenChild,
    Identifier,
    LookedAfterPeriod,
    OtherName,
    meet,
)
from shared.domain.access import AccessFacts
from shared.domain.errors import StateError


class TeamsDifferError(StateError):
    """Each of two children belongs to a team of its own."""

    code = "teams_differ"


class NotMergedError(StateError):
    """There is nothing to part: the record stands by itself."""

    code = "not_merged"


@dataclass(frozen=True, slots=True)
class Records:
    """The record that stands for the child, and those merged into it."""

    survivor: Child
    merged: tuple[Child, ...] = ()

    def __iter__(self) -> Iterator[Child]:
        """Every record, the survivor first."""
        yield self.survivor
        yield from self.merged

    @property
    def child_id(self) -> UUID:
        """Under which id the child is known."""
        return self.survivor.child_id

    @property
    def identifiers(self) -> frozenset[Identifier]:
        """All numbers of the child."""
        return frozenset().union(*(record.identifiers for record in self))

    @property
    def details(self) -> Details:
        """What is known of the child: the survivor's, and what it lacks out of the others."""
        known = self.survivor
        for record in self.merged:
            known = meet(known, GivenChild(details=record.details)).child
        return known.details

    @property
    def identifier_dates(self) -> Mapping[Identifier, Dates]:
        """From when to when numbers counted, as far as that is known."""
        return {number: dates for each in self for number, dates in each.identifier_dates.items()}

    @property
    def names(self) -> tuple[OtherName, ...]:
        """Names beside the present one, in the order in which they were entered."""
        return tuple(
            sorted((name for each in self for name in each.names), key=lambda name: name.name_id)
        )

    @property
    def looked_after_periods(self) -> tuple[LookedAfterPeriod, ...]:
        """Times in which the child was looked after, first to last."""
        periods = (period for each in self for period in each.looked_after)
        return tuple(sorted(periods, key=lambda period: (period.began_on, period.period_id)))

    @property
    def looked_after(self) -> bool | None:
        """Whether the child is looked after now; None: nothing is known of it."""
        periods = self.looked_after_periods
        return any(period.ended_on is None for period in periods) if periods else None

    def looked_after_on(self, day: date) -> bool | None:
        """Whether the child was looked after on a day; None: nothing is known of any day."""
        periods = self.looked_after_periods
        return any(period.holds(day) for period in periods) if periods else None

    @property
    def access(self) -> AccessFacts:
        """Who may see the child: whoever might see every record of the child."""
        facts = [record.access for record in self]
        return AccessFacts(
            team=next((each.team for each in facts if each.team is not None), None),
            restricted=any(each.restricted for each in facts),
            staff_relative=any(each.staff_relative for each in facts),
        )

    @property
    def revision(self) -> int:
        """Rises with everything that changes about the child, whichever record it is said of."""
        return self.survivor.revision

    def record(self, child_id: UUID) -> Child:
        """One of the records."""
        return next(each for each in self if each.child_id == child_id)

    def with_record(self, changed: Child) -> "Records":
        """The same with a record as it is now."""
        survivor, *merged = (
            changed if each.child_id == changed.child_id else each for each in self
        )
        return Records(survivor, tuple(merged))


def merge(child: Records, survivor: Records) -> Records:
    """One child out of two: `survivor` stands for both.

    Raises:
        TeamsDifferError: nobody can be of two teams; who sees the child is for a person to say.
    """
    if None not in (child.access.team, survivor.access.team) and (
        child.access.team != survivor.access.team
    ):
        raise TeamsDifferError("The two children belong to different teams: give both one first.")
    into = survivor.child_id
    first = replace(child.survivor, merged_into=into, survivor_id=into)
    others = (replace(record, survivor_id=into) for record in child.merged)
    return Records(survivor.survivor, _sorted((*survivor.merged, first, *others)))


def unmerge(records: Records, child_id: UUID) -> tuple[Records, Records]:
    """Part a record, with all that was merged into it, from the child it was merged into. Returns
    it and what is left.

    Raises:
        NotMergedError: it isn't merged into any.
    """
    parted = records.record(child_id)
    if parted.merged_into is None:
        raise NotMergedError("This child isn't merged into another.")
    ids = {child_id}
    while further := {each.child_id for each in records.merged if each.merged_into in ids} - ids:
        ids |= further
    own = (
        replace(each, survivor_id=child_id)
        for each in records.merged
        if each.child_id in ids - {child_id}
    )
    left = (each for each in records.merged if each.child_id not in ids)
    alone = replace(parted, merged_into=None, survivor_id=None)
    return Records(alone, tuple(own)), Records(records.survivor, tuple(left))


def _sorted(records: tuple[Child, ...]) -> tuple[Child, ...]:
    return tuple(sorted(records, key=lambda record: record.child_id))
