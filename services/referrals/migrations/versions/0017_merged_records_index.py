"""An index of merged records alone: SQLite took one of mostly nothing for no help, and walked.

Revision ID: merged_records_index
"""

import sqlalchemy as sa
from alembic import op

revision = "merged_records_index"
down_revision = "child_facts"
branch_labels = None
depends_on = None

MERGED = sa.text("survivor_id IS NOT NULL")


def upgrade() -> None:
    """The same rows are found, by a smaller index."""
    op.drop_index("ix_child_survivor_id", "child")
    op.create_index(
        "child_by_survivor", "child", ["survivor_id"], sqlite_where=MERGED, postgresql_where=MERGED
    )
