"""Whose child, in SQL: the twin of `shared.domain.access.may_see` for lists, counts and reads."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, and_, false, or_, select, true

from shared.domain.access import RESTRICTED, STAFF_RELATIVE, Sight


def seen_by(sight: Sight, child: FromClause) -> ColumnElement[bool]:
    """A condition for WHERE: `child`'s row, with columns `team`, `restricted` and
    `staff_relative`, is one that the caller may see."""
    team, restricted, staff_relative = child.c.team, child.c.restricted, child.c.staff_relative
    return and_(
        true() if sight.teams is None else or_(team.is_(None), team.in_(sorted(sight.teams))),
        true() if RESTRICTED in sight.clearances else restricted == false(),
        true() if STAFF_RELATIVE in sight.clearances else staff_relative == false(),
    )


def in_sight(
    connection: Connection, sight: Sight, child: FromClause, child_ids: Collection[UUID]
) -> set[UUID]:
    """Those of the children that the caller may see; one who isn't known is hidden."""
    if not child_ids:
        return set()
    query = select(child.c.child_id).where(child.c.child_id.in_(child_ids), seen_by(sight, child))
    return set(connection.execute(query).scalars())
