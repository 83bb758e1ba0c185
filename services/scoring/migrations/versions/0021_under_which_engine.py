"""Where a child stands says under which engine version: under another its score is due.

Revision ID: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Version 1 is what has computed all scores so far."""
    op.add_column(
        "standing",
        sa.Column("engine_version", sa.String(length=20), nullable=False, server_default="1"),
    )
    op.create_index("ix_standing_engine_version", "standing", ["engine_version"])
