"""How far stored scores have been proved.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The first pass begins with the next start."""
    op.create_table(
        "score_proof",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_score_id", sa.Uuid(), nullable=True),
        sa.Column("checked", sa.Integer(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("completed_checked", sa.Integer(), nullable=True),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "score_mismatch",
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["score_id"], ["score.score_id"]),
        sa.PrimaryKeyConstraint("score_id"),
        sa.UniqueConstraint("entry_id"),
    )
    forbid_changes(op.get_bind(), "score_mismatch")
