"""Records of children that were merged.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No record has been merged yet: each stands for itself."""
    op.create_table(
        "merged_child",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("counts_for", sa.Uuid(), nullable=False),
        sa.CheckConstraint("survivor_id <> child_id", name="into_another"),
        sa.CheckConstraint("counts_for <> child_id", name="counts_for_another"),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["survivor_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["counts_for"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("child_id"),
    )
    op.create_index("ix_merged_child_counts_for", "merged_child", ["counts_for"])
    op.create_table(
        "counting",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("counts_for", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["counts_for"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("entry_id", "child_id"),
    )
    op.create_index("ix_counting_counts_for", "counting", ["counts_for"])
    op.create_index("counting_of_child", "counting", ["child_id"])
    forbid_changes(op.get_bind(), "counting")
