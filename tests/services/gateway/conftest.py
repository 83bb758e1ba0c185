"""A gateway for every test that asks for one, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases, SqliteDatabases
from tests.support.gateway import GatewayUnderTest, running_gateway
from tests.support.service import SettableClock


@pytest.fixture
def gateway(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> Iterator[GatewayUnderTest]:
    """A demo gateway."""
    with running_gateway(tmp_path, databases.fresh("gateway"), clock) as found:
        yield found


@pytest.fixture
def sqlite_gateway(
    sqlite_databases: SqliteDatabases, tmp_path: Path, clock: SettableClock
) -> Iterator[GatewayUnderTest]:
    """A demo gateway, for what no database has a part in."""
    with running_gateway(tmp_path, sqlite_databases.fresh("gateway"), clock) as found:
        yield found
