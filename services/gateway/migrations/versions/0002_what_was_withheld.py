"""Ledger entries say where an answer withheld the id of a child."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; entries from before have null in it, and their hashes don't cover it."""
    op.add_column("ledger_entry", sa.Column("withheld", sa.JSON(none_as_null=True), nullable=True))
