"""A database that the code of an earlier revision filled, brought to the schema of today."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from shared.storage.database import open_database, reading, write_transaction
from shared.storage.migrations import config_for, migrate
from tests.support.databases import Databases, migrations_of
from tests.upgrades.dumps import load_dump, lost, path_of, read_dump

SERVICES = ("gateway", "referrals", "scoring")
LATER = datetime(2026, 7, 1, 9, tzinfo=UTC)
"""When it is opened again: after everything that was written in it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A step in the history of a service's schema."""

    name: str
    file: Path
    """Where its migration stands."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Such a database, and what of the rows from before is not in it any more."""

    url: str
    engine: Engine
    lost: list[str]


def revisions_of(service: str) -> list[Revision]:
    """The whole history, the first one first."""
    history = ScriptDirectory(str(migrations_of(service))).walk_revisions()
    return [Revision(each.revision, Path(each.path)) for each in history][::-1]


def upgraded_from(databases: Databases, service: str, revision: str) -> Upgraded:
    """Make the schema of a revision, load what its code wrote, and migrate."""
    url, folder = databases.empty(), migrations_of(service)
    dump = read_dump(path_of(service, revision))
    engine = open_database(url)
    with write_transaction(engine) as connection:
        command.upgrade(config_for(connection, folder), revision)
        load_dump(connection, dump)
    migrate(engine, folder)
    with reading(engine) as connection:
        return Upgraded(url, engine, lost(connection, dump))
