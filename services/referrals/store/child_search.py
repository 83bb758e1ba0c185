"""Records that may answer a search: two looks along indexes, within what the caller may see."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from services.referrals.domain.child import OtherName
from services.referrals.domain.child_search import A_YEAR, Compared, FullName, Sought
from services.referrals.domain.codes import Sex
from services.referrals.store.child_facts import names_of
from services.referrals.store.children import STANDS_AS, ids_with
from services.referrals.tables import child, child_name_key
from shared.access import seen_by
from shared.domain.access import Sight

FURTHEST = 500
"""So many records are compared, those that share most words of the name first."""
_COLUMNS = (
    child.c.child_id,
    STANDS_AS,
    child.c.given_name,
    child.c.family_name,
    child.c.date_of_birth,
    child.c.date_of_birth_estimated,
    child.c.sex,
)


def compared(connection: Connection, sight: Sight, sought: Sought) -> list[Compared]:
    """The records to compare, of children in sight."""
    numbered = ids_with(connection, sought.identifiers) if sought.identifiers else set()
    by_number: Select[Any] = select(*_COLUMNS).where(
        child.c.child_id.in_(numbered), seen_by(sight, child)
    )
    found = {row.child_id: row for row in connection.execute(by_number)}
    if sought.keys:
        for row in connection.execute(_by_name(sought, sight)):
            found.setdefault(row.child_id, row)
    others = names_of(connection, list(found))
    return [
        _compared(row, others[row.child_id], found=row.child_id in numbered)
        for row in found.values()
    ]


def _by_name(sought: Sought, sight: Sight) -> Select[Any]:
    """Who shares two words of the name as it sounds, or one and a date of birth that doesn't speak
    against the child: nobody else can be a candidate."""
    shared = (
        select(child_name_key.c.child_id, func.count().label("words"))
        .where(child_name_key.c.key.in_(sorted(sought.keys)))
        .group_by(child_name_key.c.child_id)
        .subquery()
    )
    # Given and family name may sound alike: then they have one key between them.
    both = sought.given_name is not None and sought.family_name is not None
    words = min(2, len(sought.keys)) if both else 2
    enough: list[ColumnElement[bool]] = [shared.c.words >= words]
    born, same_day = child.c.date_of_birth, case((shared.c.words > 0, 0))
    if sought.date_of_birth is not None:
        day = sought.date_of_birth
        about = and_(child.c.date_of_birth_estimated, born.between(day - A_YEAR, day + A_YEAR))
        enough += [born.in_(sought.near_births), about]
        same_day = case((born == day, 1), else_=0)
    return (
        select(*_COLUMNS)
        .join(shared, shared.c.child_id == child.c.child_id)
        .where(seen_by(sight, child), or_(*enough))
        .order_by(same_day.desc(), shared.c.words.desc(), child.c.child_id.desc())
        .limit(FURTHEST)
    )


def _compared(row: Row[Any], others: Sequence[OtherName], *, found: bool) -> Compared:
    return Compared(
        child_id=row.stands_as,
        names=[
            FullName(row.given_name, row.family_name),
            *(FullName(each.given_name, each.family_name) for each in others),
        ],
        date_of_birth=row.date_of_birth,
        date_of_birth_estimated=row.date_of_birth_estimated,
        sex=None if row.sex is None else Sex(row.sex),
        identifier_found=found,
    )
