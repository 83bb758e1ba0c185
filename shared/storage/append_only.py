"""Rows that are never changed, and what may never be written: the database itself refuses it."""

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


def forbid_change_once(
    connection: Connection, table: str, rule: str, once: str, columns: Sequence[str]
) -> None:
    """Create a trigger that refuses to change some columns of a row once `once` is set in it."""
    other = "IS DISTINCT FROM" if connection.dialect.name == "postgresql" else "IS NOT"
    changed = " OR ".join(f"NEW.{each} {other} OLD.{each}" for each in (once, *columns))
    forbid(connection, table, rule, "UPDATE", f"OLD.{once} IS NOT NULL AND ({changed})")


def forbid(connection: Connection, table: str, rule: str, operation: str, condition: str) -> None:
    """Create a trigger that refuses to write a row of `table` where `condition` holds, for what a
    constraint can't say: it may speak of `OLD`, `NEW` and other rows, in words that both databases
    understand. The refusal names the rule.
    """
    name, refusal = f"{table}_{rule}", f"{table}: {rule.replace('_', ' ')}"
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {condition} THEN RAISE EXCEPTION USING MESSAGE = '{refusal}',"
            " ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        )
        when, body = "", f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    else:
        when, body = f"WHEN {condition}", f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE {operation} ON {table} {when} {body}")


def _forbid_truncate(connection: Connection, table: str) -> None:
    # A way to empty a table that passes its rows by; SQLite has none.
    connection.exec_driver_sql(
        f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
