"""Screening tools as they were filled in.

Revision ID: screenings
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "screenings"
down_revision = "child_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table of revisions that are never changed."""
    op.create_table(
        "screening",
        sa.Column("screening_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("tool", sa.String(length=100), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "(revision = 1) = (reason IS NULL) AND (reason IS NULL OR length(reason) >= 20)",
            name="screening_corrected_with_a_reason",
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.referral_id"]),
        sa.PrimaryKeyConstraint("screening_id", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index(
        "screening_by_referral",
        "screening",
        ["referral_id", "screening_id", "revision"],
        unique=False,
    )
    forbid_changes(op.get_bind(), "screening")
