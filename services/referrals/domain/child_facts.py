"""Numbers, names and times of being looked after: stating one of a child, anew or no more."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple
from uuid import UUID

from services.referrals.domain.child import (
    Child,
    Dates,
    Details,
    Identifier,
    LookedAfterPeriod,
    OtherName,
)
from services.referrals.domain.child_records import Records
from shared.domain.errors import FieldError


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the child in another system, and from when to when it counted."""

    identifier: Identifier
    dates: Dates = field(default_factory=Dates)


Fact = Number | OtherName | LookedAfterPeriod


class Key(NamedTuple):
    """What a fact is known by: two of a kind with one value are one fact, stated twice."""

    kind: type[Fact]
    value: Identifier | UUID


def key_of(fact: Fact) -> Key:
    """What a fact is known by."""
    match fact:
        case Number():
            return Key(Number, fact.identifier)
        case OtherName():
            return Key(OtherName, fact.name_id)
        case LookedAfterPeriod():
            return Key(LookedAfterPeriod, fact.period_id)


def whose(records: Records, key: Key) -> Child | None:
    """The record that a fact was said of; None if it was said of none."""
    return next((each for each in records if key in map(key_of, _facts(each))), None)


def stated(records: Records, fact: Fact) -> Records:
    """A child with a fact: in place of what was said under its key, of the same record; new ones
    are said of the survivor."""
    record = whose(records, key_of(fact)) or records.survivor
    return records.with_record(_with(_without(record, key_of(fact)), fact))


def withdrawn(records: Records, key: Key) -> Records:
    """A child without a fact that was said of the child."""
    record = whose(records, key)
    return records if record is None else records.with_record(_without(record, key))


def faults(fact: Fact, records: Records, today: date) -> Iterator[FieldError]:
    """Everything wrong with a fact, also beside what else is known, against `today` (a date in
    London)."""
    match fact:
        case Number():
            yield from _faults_of_dates(fact.dates)
        case OtherName():
            if fact.given_name is None and fact.family_name is None:
                yield FieldError(
                    "/family_name", "missing", "Give a given name, a family name, or both."
                )
            yield from _faults_of_dates(fact.dates)
        case LookedAfterPeriod():
            yield from _faults_of_period(fact, records, today)


def _faults_of_dates(dates: Dates) -> Iterator[FieldError]:
    first, last = dates.valid_from, dates.valid_until
    if first is not None and last is not None and last < first:
        yield FieldError("/valid_until", "before_it_begins", "Write valid_from or a day after it.")


def _faults_of_period(
    period: LookedAfterPeriod, records: Records, today: date
) -> Iterator[FieldError]:
    if period.began_on > today:
        yield FieldError("/began_on", "in_the_future", "Write today or a day before.")
    if period.ended_on is not None and period.ended_on > today:
        yield FieldError(
            "/ended_on", "in_the_future", "Write today or a day before, or null while it lasts."
        )
    if period.ended_on is not None and period.ended_on < period.began_on:
        yield FieldError("/ended_on", "before_it_begins", "Write began_on or a day after it.")
    if begins_before_birth(period, records.details):
        yield FieldError(
            "/began_on", "before_birth", "Write a day on or after this child's date of birth."
        )
    periods = {each.period_id: each for each in records.looked_after_periods}
    before = periods.pop(period.period_id, None)
    if any(
        _overlap(period, each) and not _narrower(period, before, each) for each in periods.values()
    ):
        yield FieldError(
            "/began_on",
            "overlaps",
            "Another period lies in this time: end it, or correct it, first.",
        )


def begins_before_birth(period: LookedAfterPeriod, details: Details) -> bool:
    """Whether a child would have been looked after before the date of birth, where that is sure."""
    born = details.date_of_birth
    return born is not None and not details.date_of_birth_estimated and period.began_on < born


def _narrower(
    period: LookedAfterPeriod, before: LookedAfterPeriod | None, other: LookedAfterPeriod
) -> bool:
    """Whether a period that overlapped another one already, as two of merged records may, lies
    within its own time: so each of the two can be ended."""
    return (
        before is not None
        and _overlap(before, other)
        and before.began_on <= period.began_on
        and (period.ended_on or date.max) <= (before.ended_on or date.max)
    )


def _overlap(one: LookedAfterPeriod, other: LookedAfterPeriod) -> bool:
    """Whether two periods share more than the day on which one status gives way to the next."""
    if (one.began_on, one.ended_on) == (other.began_on, other.ended_on):
        return True
    return one.began_on < (other.ended_on or date.max) and other.began_on < (
        one.ended_on or date.max
    )


def _facts(record: Child) -> Iterator[Fact]:
    yield from map(Number, record.identifiers)
    yield from record.names
    yield from record.looked_after


def _without(record: Child, key: Key) -> Child:
    dates = record.identifier_dates.items()
    return replace(
        record,
        identifiers=frozenset(each for each in record.identifiers if (Number, each) != key),
        identifier_dates={each: said for each, said in dates if (Number, each) != key},
        names=tuple(each for each in record.names if key_of(each) != key),
        looked_after=tuple(each for each in record.looked_after if key_of(each) != key),
    )


def _with(record: Child, fact: Fact) -> Child:
    match fact:
        case Number():
            dates = {} if fact.dates == Dates() else {fact.identifier: fact.dates}
            return replace(
                record,
                identifiers=record.identifiers | {fact.identifier},
                identifier_dates={**record.identifier_dates, **dates},
            )
        case OtherName():
            names = (*record.names, fact)
            return replace(record, names=tuple(sorted(names, key=lambda each: each.name_id)))
        case LookedAfterPeriod():
            periods = (*record.looked_after, fact)
            ordered = sorted(periods, key=lambda each: each.period_id)
            return replace(record, looked_after=tuple(ordered))
