"""Whose child, in SQL: the twin of `shared.domain.access.may_see` for lists, counts and reads."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, and_, false, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from shared.domain.access import RESTRICTED, STAFF_RELATIVE, Sight


class _AskedOnTheWay(FunctionElement[Any]):
    """A column that no index is to be taken for."""

    inherit_cache = True


@compiles(_AskedOnTheWay)
def _column(asked: _AskedOnTheWay, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  # SQLAlchemy's own
    return compiler.process(asked.clauses, **how)


@compiles(_AskedOnTheWay, "sqlite")
def _column_of_sqlite(asked: _AskedOnTheWay, compiler: SQLCompiler, **how: Any) -> str:  # noqa: ANN401  # as above
    # SQLite doesn't know how many children a team has: it would begin every list with all of them.
    return f"+{compiler.process(asked.clauses, **how)}"


def seen_by(sight: Sight, child: FromClause) -> ColumnElement[bool]:
    """A condition for WHERE: `child`'s row, with columns `team`, `restricted` and
    `staff_relative`, is one that the caller may see."""
    restricted, staff_relative = child.c.restricted, child.c.staff_relative
    team = _AskedOnTheWay(child.c.team)
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
