"""Alembic runs in process, on the connection that it is handed."""

from alembic import context

from services.scoring.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=False,
)
context.run_migrations()
