"""A rating carries where it could lie.

Revision ID: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ratings told before have none until scoring tells the next."""
    op.add_column("current_rating", sa.Column("outlook", sa.Text(), nullable=True))
