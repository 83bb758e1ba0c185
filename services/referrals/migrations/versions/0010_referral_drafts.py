"""Drafts of referrals.

Revision ID: referral_drafts
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "referral_drafts"
down_revision = "references"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table whose rows are erased, so nothing guards them."""
    op.create_table(
        "referral_draft",
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(length=110), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
    )
    op.create_index(
        op.f("ix_referral_draft_expires_at"), "referral_draft", ["expires_at"], unique=False
    )
    op.create_index(
        "referral_draft_by_owner", "referral_draft", ["owner", "draft_id"], unique=False
    )
