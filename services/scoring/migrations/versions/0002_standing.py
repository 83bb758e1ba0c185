"""Why a score changed, and where each child stands.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the cause to scores (older ones have none) and a row for each child that has a score."""
    op.add_column("score", sa.Column("cause", sa.String(length=20), nullable=True))
    op.add_column("score", sa.Column("parts", sa.Text(), nullable=True))
    op.create_table(
        "standing",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("next_change_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["score_id"], ["score.score_id"]),
        sa.PrimaryKeyConstraint("child_id"),
        sa.UniqueConstraint("score_id"),
    )
    op.create_index("ix_standing_document_hash", "standing", ["document_hash"])
    op.create_index("ix_standing_next_change_on", "standing", ["next_change_on"])
    _carry_over()


def _carry_over() -> None:
    score = sa.table(
        "score",
        sa.column("score_id", sa.Uuid),
        sa.column("child_id", sa.Uuid),
        sa.column("number", sa.Integer),
        sa.column("document_hash", sa.String),
    )
    standing = sa.table(
        "standing",
        sa.column("child_id", sa.Uuid),
        sa.column("score_id", sa.Uuid),
        sa.column("document_hash", sa.String),
    )
    due = sa.table("score_due", sa.column("child_id", sa.Uuid), sa.column("marked_at", UtcDateTime))
    later = score.alias("later")
    is_last = ~sa.exists().where(
        later.c.child_id == score.c.child_id, later.c.number > score.c.number
    )
    last = sa.select(score.c.child_id, score.c.score_id, score.c.document_hash).where(is_last)
    op.execute(standing.insert().from_select(["child_id", "score_id", "document_hash"], last))
    # The worker finds out on which day each changes by itself.
    undue = sa.select(standing.c.child_id, sa.func.now()).where(
        ~sa.exists().where(due.c.child_id == standing.c.child_id)
    )
    op.execute(due.insert().from_select(["child_id", "marked_at"], undue))
