"""The drills in their short form: `make drills` runs them at length."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shared.clock import system_clock
from shared.domain.london import london_date
from tests.drills.doubling import through_both
from tests.drills.killing import kill_at_boundaries
from tests.support.databases import PostgresqlDatabases
from tests.support.trackers import Deployed, deployed


@pytest.fixture
def services(postgresql_databases: PostgresqlDatabases, tmp_path: Path) -> Iterator[Deployed]:
    with deployed(postgresql_databases, tmp_path, migrate=False) as running:
        yield running


def a_seed() -> int:
    """Shown where a test fails."""
    seed = random.randrange(10**6)  # noqa: S311  # no secret
    print(f"seed {seed}")  # noqa: T201
    return seed


def today() -> date:
    return london_date(system_clock())


def test_killed_at_any_boundary_of_its_journal_scoring_loses_and_doubles_nothing(
    services: Deployed,
) -> None:
    found = kill_at_boundaries(services, 2, a_seed(), today(), print)
    assert found["stored scores"] >= found["children"]


def test_two_gateways_and_two_scoring_processes_take_everything_once(services: Deployed) -> None:
    found = through_both(services, 5, a_seed(), today())
    assert found["statements"] == 40
