"""Children merged and unmerged: where a record leads, and what was said of each by itself.

Revision ID: child_merges
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "child_merges"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every record stands by itself, and what was said of it is what holds."""
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    # A column that brings its constraint along: no row is written again. See revision 0002.
    for column in (
        f"merged_into {uuid} REFERENCES child (child_id)",
        f"survivor_id {uuid} REFERENCES child (child_id)\nCONSTRAINT merged_into_another CHECK ("
        "(merged_into IS NULL) = (survivor_id IS NULL)"
        " AND (survivor_id IS NULL OR (survivor_id <> child_id AND merged_into <> child_id)))",
    ):
        op.execute(f"ALTER TABLE child ADD COLUMN {column}")
    for added in (
        sa.Column("own_team", sa.String(length=60), nullable=True),
        sa.Column("own_restricted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("own_staff_relative", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("rating_of", sa.Uuid(), nullable=True),
        sa.Column("standing_alone", sa.JSON(none_as_null=True), nullable=True),
    ):
        op.add_column("child", added)
    op.execute(
        "UPDATE child SET own_team = team, own_restricted = restricted,"
        " own_staff_relative = staff_relative"
    )
    op.create_index("ix_child_survivor_id", "child", ["survivor_id"], unique=False)
    op.create_table(
        "child_merge",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("command", sa.String(length=10), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.CheckConstraint("command IN ('merge', 'unmerge')", name="known_merge_command"),
        sa.CheckConstraint("length(reason) >= 20", name="merged_with_a_reason"),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["survivor_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("merge_id"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index("ix_child_merge_child_id", "child_merge", ["child_id"], unique=False)
    op.create_index("ix_child_merge_survivor_id", "child_merge", ["survivor_id"], unique=False)
    forbid_changes(op.get_bind(), "child_merge")
