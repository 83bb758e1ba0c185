"""Who could see a child until then: systems that keep up hear of what went out of their sight.

Revision ID: child_seen_until
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes

revision = "child_seen_until"
down_revision = "referral_snapshots"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """It begins with the next change: marks from before the upgrade aren't taken any more."""
    op.create_table(
        "child_seen_until",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("staff_relative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("child_id", "entry_id"),
        sa.UniqueConstraint("entry_id"),
    )
    forbid_changes(op.get_bind(), "child_seen_until")
