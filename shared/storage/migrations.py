"""Bring a service's database to the newest schema, in process; tests use the same."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from shared.storage.database import wait_without_limit, write_transaction

_ONE_AT_A_TIME = 0x416D626572  # "Amber": an advisory lock, so that two starts migrate in turn


def migrate(engine: Engine, folder: Path) -> None:
    """Run the Alembic history under `folder` up to its head."""
    if engine.dialect.name == "sqlite":
        _migrate_sqlite(engine, folder)
        return
    with write_transaction(engine) as connection:
        wait_without_limit(connection)
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
        command.upgrade(config_for(connection, folder), "head")
        # A table that was never looked at counts as ten pages, and an empty one made every score
        # read all observations until the server came round to it.
        connection.execute(text("ANALYZE"))


def _migrate_sqlite(engine: Engine, folder: Path) -> None:
    """SQLite changes a constraint by making the table anew, and dropping the old one counts as
    deleting rows that others refer to. So, as its manual says: foreign keys aren't enforced
    meanwhile (a setting that only counts outside a transaction), and all checked at the end."""
    with engine.connect() as connection:
        driver = connection.connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.execution_options(amber_writes=True).begin():
                command.upgrade(config_for(connection, folder), "head")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise RuntimeError("the migration left a row that refers to nothing")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def config_for(connection: Connection, folder: Path) -> Config:
    """An Alembic configuration bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


@cache  # read once per process: the history is part of the program
def newest_revision(folder: Path) -> str | None:
    """The revision that this code expects its database to have."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config).get_current_head()


def present_revision(connection: Connection) -> str | None:
    """The revision that a database has; None before the first migration."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
