"""What changed about a child: from, to."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.referrals.domain.child import Child, Dates
from services.referrals.domain.child_records import Records
from services.referrals.domain.transitions import Actor

_NAMING = frozenset({"merged_into", "former_ids"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed, as it is told: JSON values. None: there was, or is, nothing."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Revision:
    """A step in the history of a child. `record_id`: the record that it was said of."""

    child_id: UUID
    revision: int
    record_id: UUID
    entry_id: UUID
    at: datetime
    by: Actor
    reason: str | None
    changes: tuple[Change, ...]
    withheld: bool = False
    """It names another record that the reader may not see; that, and why, is left out."""


def changes(before: Records | None, after: Records, child_id: UUID) -> tuple[Change, ...]:
    """What changed about one record of a child. `before`: the child whose record it was; None for
    a new one."""
    was = {} if before is None else dict(_fields(before, before.record(child_id)))
    return tuple(
        Change(name, was.get(name), value)
        for name, value in _fields(after, after.record(child_id))
        # Of a new child it isn't told what the child is not.
        if value != was.get(name) and (value is not False or was)
    )


def named(step: Revision) -> frozenset[UUID]:
    """The other records that a step names: those merged or parted by it."""
    found: set[UUID] = set()
    for change in step.changes:
        if change.field in _NAMING:
            for value in (change.before, change.after):
                ids = value if isinstance(value, list) else [value]
                found.update(UUID(each) for each in ids if each is not None)
    return frozenset(found)


def without_named(step: Revision) -> Revision:
    """A step without what it says of other records. The reason of a merge speaks of both."""
    kept = tuple(each for each in step.changes if each.field not in _NAMING)
    return replace(step, reason=None, changes=kept, withheld=True)


def _fields(records: Records, record: Child) -> Iterator[tuple[str, Any]]:
    details, access = record.details, record.access
    yield "given_name", details.given_name
    yield "family_name", details.family_name
    yield "date_of_birth", _day(details.date_of_birth)
    yield "date_of_birth_estimated", details.date_of_birth_estimated
    yield "expected_on", _day(details.expected_on)
    yield "sex", details.sex
    yield "ethnicity", details.ethnicity
    yield "ethnicity_source", details.ethnicity_source
    yield "ethnicity_stated_on", _day(details.ethnicity_stated_on)
    yield "disabilities", None if details.disabilities is None else sorted(details.disabilities)
    yield (
        "identifiers",
        _none_if_empty(
            [
                {
                    "type": each.type,
                    "value": each.value,
                    **_dates(record.identifier_dates.get(each)),
                }
                for each in sorted(record.identifiers)
            ]
        ),
    )
    yield (
        "names",
        _none_if_empty(
            [
                {
                    "id": str(each.name_id),
                    "kind": each.kind,
                    "given_name": each.given_name,
                    "family_name": each.family_name,
                    **_dates(each.dates),
                }
                for each in record.names
            ]
        ),
    )
    yield (
        "looked_after_periods",
        _none_if_empty(
            [
                {
                    "id": str(each.period_id),
                    "legal_status": each.legal_status,
                    "began_on": _day(each.began_on),
                    "ended_on": _day(each.ended_on),
                }
                for each in record.looked_after
            ]
        ),
    )
    yield "team", access.team
    yield "restricted", access.restricted
    yield "staff_relative", access.staff_relative
    yield "merged_into", None if record.merged_into is None else str(record.merged_into)
    if record.child_id == records.child_id:
        yield "former_ids", _none_if_empty([str(each.child_id) for each in records.merged])


def _dates(dates: Dates | None) -> dict[str, str | None]:
    known = dates or Dates()
    return {"valid_from": _day(known.valid_from), "valid_until": _day(known.valid_until)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _none_if_empty(items: list[Any]) -> list[Any] | None:
    return items or None
