"""Fixtures that every test may use: both databases, real ones."""

import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from fastapi.testclient import TestClient
from xdist.remote import Producer

from tests.support.compiled import share_compiled_statements
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.places import short_lived
from tests.support.postgresql import PostgreSQL, running_postgresql
from tests.support.scheduling import ByModule
from tests.support.service import SettableClock


def pytest_configure() -> None:
    """Databases are where they are fast, and what is said to them is compiled once."""
    share_compiled_statements()
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", short_lived())  # noqa: TID251  # pytest's own


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Modules and tests live as long as the run: the garbage collector needn't look through all of
    them again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByModule:
    """How `pytest -n` deals the tests out."""
    return ByModule(config, log)


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """One event loop for all requests, as in a server: a `TestClient` makes one for each."""
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestClient, "portal", portal)
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One PostgreSQL cluster for the whole run."""
    with running_postgresql() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgresql_databases(postgresql: PostgreSQL) -> PostgresqlDatabases:
    """Databases on PostgreSQL."""
    return PostgresqlDatabases(postgresql)


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    """Databases in files."""
    folder: Path = tmp_path_factory.mktemp("sqlite")
    return SqliteDatabases(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest) -> Iterator[Databases]:
    """A test that asks for this runs twice: on SQLite and on PostgreSQL."""
    found: Databases = request.getfixturevalue(f"{request.param}_databases")
    before = len(found.made)
    yield found
    found.drop_from(before)


@pytest.fixture
def clock() -> SettableClock:
    """A clock that stands at 2026-06-01 09:00 UTC until a test moves it."""
    return SettableClock()
