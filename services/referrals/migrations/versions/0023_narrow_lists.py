"""Indexes for lists that are narrowed to few: of a source, of the duplicates of one referral, of
children whose band changed, or who weren't reviewed, since a day.

Revision ID: narrow_lists
"""

import sqlalchemy as sa
from alembic import op

revision = "narrow_lists"
down_revision = "child_name_key_births"
branch_labels = None
depends_on = None

DUPLICATE = sa.text("duplicate_of IS NOT NULL")


def upgrade() -> None:
    """The same rows are found, sooner."""
    op.create_index("referral_by_source", "referral", ["source", "referral_id"])
    op.drop_index("ix_referral_duplicate_of", "referral")
    op.create_index(
        "referral_by_original",
        "referral",
        ["duplicate_of", "referral_id"],
        sqlite_where=DUPLICATE,
        postgresql_where=DUPLICATE,
    )
    op.create_index("child_by_reviewed_on", "child", ["reviewed_on", "child_id"])
    op.create_index("child_by_rating_changed_at", "child", ["rating_changed_at", "child_id"])
