"""Marks that lock no child, and weights whose content the database refuses to change.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of
from shared.storage.database import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CONTENT = ("model", "version", "text", "document_hash", "rules_hash", "effective_from")


def upgrade() -> None:
    """Make the marks anew without their foreign key; they are few, and only marks."""
    op.create_table(
        "score_due_new",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("child_id"),
    )
    op.execute("INSERT INTO score_due_new SELECT child_id, marked_at FROM score_due")
    op.drop_table("score_due")
    op.rename_table("score_due_new", "score_due")
    forbid_change_of(op.get_bind(), "model_version", CONTENT)
