"""Held updates that a person has discarded.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is held so far still waits."""
    with op.batch_alter_table("held_update") as held:
        held.add_column(sa.Column("discarded_by", sa.String(length=100), nullable=True))
        held.add_column(sa.Column("discard_reason", sa.Text(), nullable=True))
        held.add_column(sa.Column("discarded_entry_id", sa.Uuid(), nullable=True))
        held.create_check_constraint(
            "discarded_by_whom_and_why",
            "(discarded_entry_id IS NULL) = (discarded_by IS NULL)"
            " AND (discarded_entry_id IS NULL) = (discard_reason IS NULL)"
            " AND (discarded_entry_id IS NULL OR person IS NULL)",
        )
