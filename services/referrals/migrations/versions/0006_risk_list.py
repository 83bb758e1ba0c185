"""A child's place in the risk list, and reviews.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bands told before keep their name; how urgent they are scoring tells with the next rating,
    and until then these children stand with those not rated, behind the highest band."""
    for column in (
        sa.Column("risk_place", sa.SmallInteger(), nullable=False, server_default="1"),
        sa.Column("risk_band", sa.String(length=60), nullable=True),
        sa.Column("rating_changed_at", UtcDateTime(), nullable=True),
        sa.Column("rated_on", sa.Date(), nullable=True),
        sa.Column("review_within", sa.String(length=10), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("review_due_on", sa.Date(), nullable=True),
        sa.Column("last_review_id", sa.Uuid(), nullable=True),
    ):
        op.add_column("child", column)
    op.execute(
        "UPDATE child SET"
        " risk_band = (SELECT band FROM current_rating r WHERE r.child_id = child.child_id),"
        " rated_on = (SELECT as_of FROM current_rating r WHERE r.child_id = child.child_id)"
    )
    op.create_index("child_by_risk", "child", ["risk_place", "child_id"], unique=False)
    op.create_index("child_by_band", "child", ["risk_band", "child_id"], unique=False)
    op.create_index("child_by_team", "child", ["team", "risk_place", "child_id"], unique=False)
    op.create_table(
        "child_review",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("review_id"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index(
        "child_review_by_child", "child_review", ["child_id", "review_id"], unique=False
    )
    forbid_changes(op.get_bind(), "child_review")
