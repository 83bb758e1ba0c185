"""Fresh databases with the schema that the migrations make, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from shared.storage.database import open_database
from shared.storage.migrations import migrate
from tests.support.postgresql import PostgreSQL

ROOT = Path(__file__).parents[2]
Filling = Callable[[str], None]
"""Puts into a migrated database (its URL) what many tests start from; done once, then copied."""


def migrations_of(service: str) -> Path:
    """The folder of a service's Alembic history."""
    return ROOT / "services" / service / "migrations"


class SqliteDatabases:
    """Files; a fresh one is a copy of a migrated one."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[Path] = []

    def empty(self) -> str:
        """The URL of a database with nothing in it."""
        self.made.append(self.folder / f"{uuid4().hex}.db")
        return f"sqlite:///{self.made[-1]}"

    def fresh(self, service: str, filling: Filling | None = None) -> str:
        """The URL of a database of its own with the newest schema of a service."""
        template = self.folder / f"{_template(service, filling)}.db"
        if not template.exists():
            _make(f"sqlite:///{template}", service, filling)
        url = self.empty()
        shutil.copy(template, self.made[-1])
        return url

    def drop_from(self, first: int) -> None:
        """Remove what was made since there were `first` of them: a run makes hundreds."""
        for file in self.made[first:]:
            for each in file.parent.glob(f"{file.name}*"):
                each.unlink()
        del self.made[first:]


class PostgresqlDatabases:
    """Databases of one cluster; a fresh one is made from a migrated template."""

    kind = "postgresql"

    def __init__(self, cluster: PostgreSQL) -> None:
        self.cluster = cluster
        self.templates: set[str] = set()
        self.made: list[str] = []

    def empty(self) -> str:
        """The URL of a database with nothing in it."""
        name = f"empty_{uuid4().hex}"
        self.cluster.execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        return self.cluster.url(name)

    def fresh(self, service: str, filling: Filling | None = None) -> str:
        """The URL of a database of its own with the newest schema of a service."""
        template = _template(service, filling)
        if template not in self.templates:
            self.cluster.execute(f"CREATE DATABASE {template}")
            _make(self.cluster.url(template), service, filling)
            self.templates.add(template)
        name = f"{service}_{uuid4().hex}"
        # Copied file by file: half the time of doing it through the log of changes.
        self.cluster.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        self.made.append(name)
        return self.cluster.url(name)

    def drop_from(self, first: int) -> None:
        """Drop what was made since there were `first` of them."""
        for name in self.made[first:]:
            self.cluster.execute(f"DROP DATABASE {name} WITH (FORCE)")
        del self.made[first:]


Databases = SqliteDatabases | PostgresqlDatabases


def _template(service: str, filling: Filling | None) -> str:
    return f"template_{service}" + (f"_{filling.__name__}" if filling else "")


def _make(url: str, service: str, filling: Filling | None) -> None:
    engine = open_database(url)
    migrate(engine, migrations_of(service))
    engine.dispose()
    if filling:
        filling(url)
