"""Activations: how far the children are scored under a version that has come into force.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of
from shared.storage.database import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The version in force gets its row when a worker next looks."""
    op.create_table(
        "activation",
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("scored", sa.Integer(), nullable=True),
        sa.Column("set_apart", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("model", "version"),
        sa.UniqueConstraint("document_hash"),
        sa.CheckConstraint("completed_at IS NULL OR superseded_at IS NULL", name="one_end"),
        sa.CheckConstraint(
            "completed_at IS NULL"
            " OR (population IS NOT NULL AND scored IS NOT NULL AND set_apart IS NOT NULL"
            " AND scored + set_apart = population)",
            name="completed_only_when_whole",
        ),
    )
    op.create_table(
        "score_apart",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("child_id"),
    )
    op.create_index(op.f("ix_score_apart_document_hash"), "score_apart", ["document_hash"])
    forbid_change_of(
        op.get_bind(), "activation", ("model", "version", "document_hash", "first_day", "began_at")
    )
