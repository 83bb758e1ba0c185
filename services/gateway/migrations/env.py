"""Alembic runs in process, on the connection that `shared.storage.migrations` hands it."""

from alembic import context

from services.gateway.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
