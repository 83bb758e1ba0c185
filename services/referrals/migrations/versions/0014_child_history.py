"""What changed about children, who stated an ethnicity, disabilities.

Revision ID: child_history
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "child_history"
down_revision = "referral_workers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is known stays; its history begins with the next change."""
    op.execute(
        "ALTER TABLE child ADD COLUMN ethnicity_source VARCHAR(20)\n"
        "CONSTRAINT known_ethnicity_source CHECK (ethnicity_source IN ('child', 'parent_or_carer',"
        " 'school', 'health', 'police', 'social_care', 'other'))"
    )
    for column in (
        sa.Column("ethnicity_stated_on", sa.Date(), nullable=True),
        sa.Column("disabilities", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
    ):
        op.add_column("child", column)
    op.create_table(
        "child_history",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["record_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("child_id", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index(
        "child_history_by_record", "child_history", ["record_id", "entry_id"], unique=False
    )
    forbid_changes(op.get_bind(), "child_history")
