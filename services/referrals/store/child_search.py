"""Records that may answer a search: two looks along indexes, within what the caller may see."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, case, func, literal, or_, select, union_all

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
_KEY = child_name_key.c
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
    named = set(connection.scalars(_by_name(sought, sight))) if sought.keys else set()
    either = child.c.child_id.in_(numbered | named)
    records: Select[Any] = select(*_COLUMNS).where(either, seen_by(sight, child))
    found = connection.execute(records).all()
    others = names_of(connection, [row.child_id for row in found])
    return [_compared(row, others[row.child_id], found=row.child_id in numbered) for row in found]


def _by_name(sought: Sought, sight: Sight) -> Select[tuple[UUID]]:
    """Who shares two words of the name as it sounds, or one and a date of birth that doesn't speak
    against the child: nobody else can be a candidate."""
    shared, day = _KEY.key.in_(sorted(sought.keys)), sought.date_of_birth
    # Given and family name may sound alike: then they have one key between them.
    both = sought.given_name is not None and sought.family_name is not None
    enough = min(2, len(sought.keys)) if both else 2
    record, born, words = _KEY.child_id, _KEY.date_of_birth, func.count()
    several = select(record, born, words.label("words")).where(shared)
    found = [several.group_by(record, born).having(words >= enough)]
    if day is not None:
        near = or_(born.in_(sought.near_births), _KEY.date_of_birth_estimated)
        about = born.between(day - A_YEAR, day + A_YEAR)
        found.append(select(record, born, literal(1)).where(shared, about, near))
    either = union_all(*found).subquery("either")
    # A scalar: for EXISTS PostgreSQL may look through every child there is.
    seen = select(seen_by(sight, child)).where(child.c.child_id == either.c.child_id)
    same_day = [] if day is None else [case((either.c.date_of_birth == day, 0), else_=1)]
    return (
        select(either.c.child_id)
        .where(seen.scalar_subquery())
        .group_by(either.c.child_id, either.c.date_of_birth)
        .order_by(*same_day, func.max(either.c.words).desc(), either.c.child_id.desc())
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
