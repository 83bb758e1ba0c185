"""Many rows at once, by the quick way of each database."""

from collections.abc import Hashable, Iterable, Sequence
from functools import cache

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Table
from sqlalchemy.exc import OperationalError

from shared.storage.pulse import WatchedConnection


def insert_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[Sequence[Hashable]],
) -> None:
    """Insert rows that have these columns, in one statement: on PostgreSQL by COPY, in half the
    time of INSERT, where values go as they are, without what the columns' types would make of them;
    on SQLite by the driver.

    Raises:
        OperationalError: the database is gone, or a lock wasn't got.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, rows)
    else:
        _execute_many(connection, table, names, rows)


def _execute_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[Sequence[Hashable]],
) -> None:
    columns = [
        _as_stored(connection, table, name, values)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608  # names of our own tables
        list(zip(*columns, strict=True)),
    )


def _as_stored(
    connection: Connection, table: Table, name: str, values: Iterable[Hashable]
) -> Iterable[object]:
    """The values of one column, as its type hands them to the driver: each different one once,
    for ids and days are the same in many rows."""
    process = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return values if process is None else map(cache(process), values)


def _copy(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Sequence[Sequence[Hashable]],
) -> None:
    columns = SQL(", ").join(map(Identifier, names))
    into = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), columns)
    driver = connection.connection.driver_connection
    assert isinstance(driver, WatchedConnection)  # noqa: S101  # made by `open_database`
    try:
        with driver.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.OperationalError as error:
        # Past SQLAlchemy, whose errors are the ones that are answered with 503.
        raise OperationalError(None, None, error) from None
