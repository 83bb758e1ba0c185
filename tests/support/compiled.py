"""Statements are compiled once a run, not once for each of a thousand databases: a sixth of its
time. A service that has run for a while finds them compiled too."""

from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from typing_extensions import override

_COMPILED: dict[Any, Any] = {}


class Sqlite(SQLiteDialect_pysqlite):
    """All are one: what is compiled for one database is compiled for the next."""

    supports_statement_cache = True

    @override
    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    @override
    def __hash__(self) -> int:
        return hash(type(self))


class Postgresql(PGDialect_psycopg):
    """Likewise: a run has one version of the server."""

    supports_statement_cache = True
    __eq__ = Sqlite.__eq__
    __hash__ = Sqlite.__hash__


def share_compiled_statements() -> None:
    """For every engine that this process opens from now on."""
    registry.register("sqlite", __name__, Sqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgresql.__name__)

    @event.listens_for(Engine, "engine_connect")
    def _use(connection: Connection) -> None:
        connection.execution_options(compiled_cache=_COMPILED)
