"""A gateway for every test that asks for one, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import Databases
from tests.support.gateway import GatewayUnderTest, running_gateway
from tests.support.service import SettableClock


@pytest.fixture
def gateway(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> Iterator[GatewayUnderTest]:
    """A demo gateway."""
    with running_gateway(tmp_path, databases.fresh("gateway"), clock) as found:
        yield found
