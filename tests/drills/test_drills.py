"""The drills in their short form: `make drills` runs them at length."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from shared.clock import system_clock
from shared.domain.london import london_date
from tests.drills.changing import kill_while_it_changes
from tests.drills.doubling import through_both
from tests.drills.killing import kill_at_boundaries
from tests.drills.replaying import replay_after_changes
from tests.support.databases import Databases, PostgresqlDatabases
from tests.support.scoring import ScoringUnderTest, scoring_in_force
from tests.support.service import SettableClock
from tests.support.trackers import Deployed, deployed

# Starting what is killed takes longest, and other tests run beside it.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def services(
    postgresql_databases: PostgresqlDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    folder = tmp_path_factory.mktemp("drill")
    with deployed(postgresql_databases, folder, migrate=False) as running:
        yield running


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[ScoringUnderTest]:
    under_test = scoring_in_force(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


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


def test_killed_while_a_version_is_assessed_and_comes_into_force_nobody_is_scored_twice_or_left_out(
    postgresql_databases: PostgresqlDatabases, tmp_path: Path
) -> None:
    found = kill_while_it_changes(postgresql_databases, tmp_path, 24, 1, a_seed(), print)
    assert found["kills while assessing"] + found["kills while activating"] >= 1


def test_two_gateways_and_two_scoring_processes_take_everything_once(services: Deployed) -> None:
    found = through_both(services, 5, a_seed(), today())
    assert found["statements"] == 40


def test_old_scores_follow_from_their_inputs_after_three_changes_of_the_weights(
    scoring: ScoringUnderTest,
) -> None:
    replayed = replay_after_changes(scoring, children=10)
    assert len(replayed) >= 39
    assert [one.differences for one in replayed if not one.equal] == []
    assert {one.stored.version for one in replayed} == {"1.0", "2.0", "9.2", "9.3"}
