"""Whether a judgement is overtaken follows from the score that it was made beside, not from a band.

Revision ID: 0019
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The copy of the floor's band goes; the judgement itself still says it."""
    op.drop_column("judgement_standing", "floor_band")
