"""Whose child, in SQL: the twin of `shared.domain.access.may_see` for lists, counts and reads."""

from sqlalchemy import ColumnElement, FromClause, and_, false, or_, true

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
