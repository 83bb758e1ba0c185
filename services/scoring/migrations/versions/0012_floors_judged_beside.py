"""Which floor had fired beside a judgement.

Revision ID: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of earlier judgements it isn't known: one that lies below a floor stands no longer, until a
    person judges again. The cautious side: no single person takes a child below a floor."""
    for table in ("judgement", "judgement_standing"):
        op.add_column(table, sa.Column("floor_band", sa.String(length=60), nullable=True))
