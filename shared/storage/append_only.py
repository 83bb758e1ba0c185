"""Rows that are never changed: the database itself refuses to update or delete them."""

from collections.abc import Sequence

from sqlalchemy import Connection

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$
"""


def forbid_changes(connection: Connection, table: str) -> None:
    """Create triggers that refuse to update, delete or truncate rows of `table`. For migrations.

    `table` is a name out of our own migration, never a caller's text.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL)
        _forbid_truncate(connection, table)
    for operation in ("UPDATE", "DELETE"):
        name = f"{table}_refuses_{operation.lower()}"
        if connection.dialect.name == "postgresql":
            body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        else:
            body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE {operation} ON {table} {body}")


def forbid_change_of(connection: Connection, table: str, columns: Sequence[str]) -> None:
    """Create triggers that refuse to change some columns of `table`, or to delete its rows."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_POSTGRESQL)
        _forbid_truncate(connection, table)
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for name, operation in (("update", f"UPDATE OF {', '.join(columns)}"), ("delete", "DELETE")):
        connection.exec_driver_sql(
            f"CREATE TRIGGER {table}_refuses_{name} BEFORE {operation} ON {table} {body}"
        )


def _forbid_truncate(connection: Connection, table: str) -> None:
    # A way to empty a table that passes its rows by; SQLite has none.
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
