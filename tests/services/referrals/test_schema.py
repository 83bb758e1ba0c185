"""The migrations make what the tables say, on both databases."""

from alembic import command
from sqlalchemy import CheckConstraint, inspect

from services.referrals.app import MIGRATIONS
from services.referrals.store.database import open_referrals
from shared.storage.migrations import config_for
from tests.support.databases import Databases


def test_migrations_and_tables_agree(databases: Databases) -> None:
    database = open_referrals(databases.fresh("referrals"))
    with database.engine.begin() as connection:
        command.check(config_for(connection, MIGRATIONS))
        # Alembic doesn't compare check constraints.
        metadata = database.journal.head.metadata
        for table in metadata.sorted_tables:
            made = inspect(connection).get_check_constraints(table.name)
            said = {
                str(constraint.name)
                for constraint in table.constraints
                if isinstance(constraint, CheckConstraint)
            }
            assert {str(constraint["name"]) for constraint in made} == said
    database.engine.dispose()
