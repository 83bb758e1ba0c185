"""Many rows at once, by the quick way of each database."""

from collections.abc import Mapping, Sequence

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import OperationalError

from shared.storage.pulse import WatchedConnection


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that have the same columns, in one statement: on PostgreSQL by COPY, in half the
    time of INSERT. Values go as they are, without what the columns' types would make of them.

    Raises:
        OperationalError: the database is gone, or a lock wasn't got.
    """
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    columns = SQL(", ").join(map(Identifier, names))
    into = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table.name), columns)
    driver = connection.connection.driver_connection
    assert isinstance(driver, WatchedConnection)  # noqa: S101  # made by `open_database`
    try:
        with driver.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
    except psycopg.OperationalError as error:
        # Past SQLAlchemy, whose errors are the ones that are answered with 503.
        raise OperationalError(None, None, error) from None
