"""Every service's schema: what the migrations make is what the tables say."""

from importlib import import_module

import pytest
from alembic import command

from shared.storage.database import open_database
from shared.storage.migrations import config_for, migrate
from tests.support.databases import Databases, migrations_of

SERVICES = ["gateway", "referrals", "scoring"]


@pytest.mark.parametrize("service", SERVICES)
def test_the_migrations_make_the_tables_that_the_code_expects(
    databases: Databases, service: str
) -> None:
    import_module(f"services.{service}.tables")
    engine = open_database(databases.empty())
    migrate(engine, migrations_of(service))
    migrate(engine, migrations_of(service))  # again: nothing to do
    with engine.connect() as connection:
        command.check(config_for(connection, migrations_of(service)))
    engine.dispose()
