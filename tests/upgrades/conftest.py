"""The database of an earlier revision, upgraded, and the service of today over it."""

from collections.abc import Iterator

import pytest

from services.scoring.app import create_app as scoring_app
from services.scoring.app import prepare
from tests.services.referrals.support import Referrals, assembled
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.gateway import GatewayUnderTest, running_gateway
from tests.support.scoring import ScoringUnderTest, scoring_settings
from tests.support.service import SettableClock
from tests.upgrades.upgraded import LATER, Upgraded, upgraded_from


@pytest.fixture(scope="module")
def upgraded(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    """One database for all that is asked of a revision."""
    kind, service, revision = request.param
    databases: SqliteDatabases | PostgresqlDatabases = request.getfixturevalue(f"{kind}_databases")
    found = upgraded_from(databases, service, revision)
    yield found
    found.engine.dispose()
    if isinstance(databases, PostgresqlDatabases):
        databases.drop_from(len(databases.made) - 1)


@pytest.fixture(scope="module")
def scoring(upgraded: Upgraded) -> Iterator[ScoringUnderTest]:
    """Scoring as it starts today."""
    settings, clock = scoring_settings(upgraded.url, demo=True), SettableClock(LATER)
    prepare(settings, clock)
    under_test = ScoringUnderTest(scoring_app(settings, clock=clock), clock)
    yield under_test
    under_test.service.database.engine.dispose()


@pytest.fixture(scope="module")
def referrals(upgraded: Upgraded) -> Iterator[Referrals]:
    """Referrals as it starts today."""
    under_test = assembled(upgraded.url, SettableClock(LATER))
    yield under_test
    under_test.close()


@pytest.fixture(scope="module")
def gateway(
    upgraded: Upgraded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[GatewayUnderTest]:
    """The gateway as it starts today."""
    folder = tmp_path_factory.mktemp("gateway")
    with running_gateway(folder, upgraded.url, SettableClock(LATER)) as under_test:
        yield under_test
