"""What is said of a record with dates: numbers, names, times of being looked after."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update

from services.referrals.domain.child import Child, Dates, Identifier, LookedAfterPeriod, OtherName
from services.referrals.domain.codes import LegalStatus, NameKind
from services.referrals.tables import child_identifier, child_name, looked_after_period
from shared.domain.identifiers import IdentifierType

_I, _N, _P = child_identifier.c, child_name.c, looked_after_period.c


@dataclass(slots=True)
class Facts:
    """What is said of one record."""

    identifiers: dict[Identifier, Dates] = field(default_factory=dict)
    names: list[OtherName] = field(default_factory=list)
    looked_after: list[LookedAfterPeriod] = field(default_factory=list)


def facts_of(connection: Connection, child_ids: Collection[UUID]) -> Mapping[UUID, Facts]:
    """What is said of records, each kind in one query."""
    found: dict[UUID, Facts] = defaultdict(Facts)
    for row in connection.execute(select(child_identifier).where(_I.child_id.in_(child_ids))):
        number = Identifier(IdentifierType(row.type), row.value)
        found[row.child_id].identifiers[number] = Dates(row.valid_from, row.valid_until)
    for child_id, names in names_of(connection, child_ids).items():
        found[child_id].names = names
    periods = select(looked_after_period).where(_P.child_id.in_(child_ids)).order_by(_P.period_id)
    for row in connection.execute(periods):
        period = (row.period_id, LegalStatus(row.legal_status), row.began_on, row.ended_on)
        found[row.child_id].looked_after.append(LookedAfterPeriod(*period))
    return found


def names_of(connection: Connection, child_ids: Collection[UUID]) -> Mapping[UUID, list[OtherName]]:
    """The names of records beside their present ones."""
    found: dict[UUID, list[OtherName]] = defaultdict(list)
    query = select(child_name).where(_N.child_id.in_(child_ids)).order_by(_N.name_id)
    for row in connection.execute(query):
        found[row.child_id].append(_name(row))
    return found


def write_facts(connection: Connection, before: Child | None, after: Child) -> None:
    """Store what is said of a record now, but for new numbers. Its history keeps the rest."""
    if before is not None:
        _write_numbers(connection, before, after)
    old_names = {each.name_id: each for each in before.names} if before else {}
    new_names = {each.name_id: each for each in after.names}
    gone, come = _differ(old_names, new_names)
    if gone:
        connection.execute(delete(child_name).where(_N.name_id.in_(gone)))
    if come:
        rows = [_name_row(after.child_id, new_names[each]) for each in come]
        connection.execute(insert(child_name), rows)
    old_periods = {each.period_id: each for each in before.looked_after} if before else {}
    new_periods = {each.period_id: each for each in after.looked_after}
    gone, come = _differ(old_periods, new_periods)
    if gone:
        connection.execute(delete(looked_after_period).where(_P.period_id.in_(gone)))
    if come:
        rows = [_period_row(after.child_id, new_periods[each]) for each in come]
        connection.execute(insert(looked_after_period), rows)


def _write_numbers(connection: Connection, before: Child, after: Child) -> None:
    for number in sorted(before.identifiers - after.identifiers):
        connection.execute(delete(child_identifier).where(*_is(number)))
    for number in sorted(after.identifiers):
        dates = after.identifier_dates.get(number, Dates())
        if dates != before.identifier_dates.get(number, Dates()):
            changed = {"valid_from": dates.valid_from, "valid_until": dates.valid_until}
            connection.execute(update(child_identifier).where(*_is(number)).values(changed))


def _is(number: Identifier) -> tuple[Any, Any]:
    return _I.type == number.type.value, _I.value == number.value


def _differ(
    before: Mapping[UUID, object], after: Mapping[UUID, object]
) -> tuple[list[UUID], list[UUID]]:
    """Whose rows go, and whose come; those of what changed do both."""
    return (
        [each for each in before if before[each] != after.get(each)],
        [each for each in after if after[each] != before.get(each)],
    )


def _name(row: Row[Any]) -> OtherName:
    return OtherName(
        row.name_id,
        NameKind(row.kind),
        row.given_name,
        row.family_name,
        Dates(row.valid_from, row.valid_until),
    )


def _name_row(child_id: UUID, name: OtherName) -> dict[str, Any]:
    return {
        "name_id": name.name_id,
        "child_id": child_id,
        "kind": name.kind.value,
        "given_name": name.given_name,
        "family_name": name.family_name,
        "valid_from": name.dates.valid_from,
        "valid_until": name.dates.valid_until,
    }


def _period_row(child_id: UUID, period: LookedAfterPeriod) -> dict[str, Any]:
    return {
        "period_id": period.period_id,
        "child_id": child_id,
        "legal_status": period.legal_status.value,
        "began_on": period.began_on,
        "ended_on": period.ended_on,
    }
