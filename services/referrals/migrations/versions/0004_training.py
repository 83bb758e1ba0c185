"""Training sessions for professionals.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of revisions that are never changed."""
    op.create_table(
        "training_session",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=30), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("attended >= 0", name="a_number_of_people"),
        sa.CheckConstraint(
            "(revision = 1) = (reason IS NULL) AND (reason IS NULL OR length(reason) >= 20)",
            name="session_corrected_with_a_reason",
        ),
        sa.PrimaryKeyConstraint("session_id", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index("training_session_by_day", "training_session", ["held_on"], unique=False)
    forbid_changes(op.get_bind(), "training_session")
