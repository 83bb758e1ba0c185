"""What a revision's code left in a database: all its rows, with the type of each column."""

import json
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    String,
    Table,
    TableClause,
    Text,
    Uuid,
    cast,
    column,
    delete,
    insert,
    inspect,
    select,
    table,
    text,
)

from shared.storage.database import UtcDateTime, open_database, reading

DATA = Path(__file__).parent / "data"

TYPES: dict[str, Any] = {
    "uuid": Uuid(),
    "instant": UtcDateTime(),
    "date": Date(),
    "boolean": Boolean(),
    "integer": Integer(),
    "text": String(),
    # As the text that was stored, so that a JSON null stays apart from none at all.
    "json": None,
}
READ: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table."""

    table: str
    columns: dict[str, str]
    """The type of each, by name."""
    rows: list[list[Any]]

    def known_as(self, names: list[str]) -> list[tuple[Any, ...]]:
        """What the rows hold in some of their columns."""
        places = [list(self.columns).index(name) for name in names]
        return [tuple(row[place] for place in places) for row in self.rows]


def path_of(service: str, revision: str) -> Path:
    """Where the dump of a revision lies."""
    return DATA / f"{service}-{revision}.json.xz"


def write_dump(path: Path, url: str, service: str) -> None:
    """Write down every row in the database of a service."""
    tables = import_module(f"services.{service}.tables").metadata.sorted_tables
    engine = open_database(url)
    with reading(engine) as connection:
        found = {each.name: _described(connection, each) for each in tables}
    engine.dispose()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(json.dumps(found, indent=0).encode()))


def _described(connection: Connection, source: Table) -> dict[str, Any]:
    columns = {each.name: _type_of(each) for each in source.columns}
    return {"columns": columns, "rows": _rows(connection, source.name, columns)}


def _type_of(source: Column[Any]) -> str:
    for name, of in TYPES.items():
        if isinstance(source.type, JSON if of is None else type(of)):
            return name
    raise TypeError(f"{source}: say in TYPES how a {source.type} is written down")


def read_dump(path: Path) -> list[Rows]:
    """The tables of a dump, those first that others refer to."""
    found = json.loads(lzma.decompress(path.read_bytes()))
    return [Rows(name, each["columns"], each["rows"]) for name, each in found.items()]


def load_dump(connection: Connection, dump: list[Rows]) -> None:
    """Put the rows of a dump into a schema of its revision."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    guards = _lift_guards(connection)
    for each in reversed(dump):
        connection.execute(delete(_table(each.table, each.columns)))
    for each in dump:
        values = [
            {
                name: READ[of](value) if value is not None and of in READ else value
                for (name, of), value in zip(each.columns.items(), row, strict=True)
            }
            for row in each.rows
        ]
        if values:
            connection.execute(insert(_table(each.table, each.columns)), values)
    for guard in guards:
        connection.execute(text(guard))


def lost(connection: Connection, dump: list[Rows]) -> list[str]:
    """What a dump holds and a database has no more, in tables and columns that it still has."""
    there, missing = inspect(connection), []
    for each in dump:
        if not there.has_table(each.table):
            continue
        kept = {found["name"] for found in there.get_columns(each.table)}
        columns = {name: of for name, of in each.columns.items() if name in kept}
        now = {tuple(row) for row in _rows(connection, each.table, columns)}
        missing += [
            f"{each.table}: {row}" for row in each.known_as(list(columns)) if row not in now
        ]
    return missing


def _rows(connection: Connection, name: str, columns: dict[str, str]) -> list[list[Any]]:
    source = _table(name, columns)
    wanted = [
        cast(source.c[each], Text) if of == "json" else source.c[each]
        for each, of in columns.items()
    ]
    return [[_plain(value) for value in row] for row in connection.execute(select(*wanted))]


def _table(name: str, columns: dict[str, str]) -> TableClause:
    return table(name, *(column(each, TYPES[of]) for each, of in columns.items()))


def _plain(value: Any) -> Any:
    if isinstance(value, date):  # an instant, too
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _lift_guards(connection: Connection) -> list[str]:
    """SQLite: let rows be written as they are, in place of those that a migration wrote. Returns
    what forbids it again."""
    if connection.dialect.name == "postgresql":
        return []  # no trigger fires for a replica
    rows = connection.execute(
        text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    ).all()
    for row in rows:
        connection.execute(text(f"DROP TRIGGER {row.name}"))
    return [row.sql for row in rows]
