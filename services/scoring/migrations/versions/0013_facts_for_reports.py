"""What is known of a child for reports of disparity alone.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Not known until referrals tells of the child again."""
    for column in (
        sa.Column("sex", sa.String(length=10), nullable=True),
        sa.Column("ethnicity", sa.String(length=10), nullable=True),
        sa.Column("looked_after", sa.Boolean(), nullable=True),
    ):
        op.add_column("child", column)
