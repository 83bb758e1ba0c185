"""The index of bands in the order of the risk list: a page of one band is a walk along it, without
sorting every child of the band.

Revision ID: bands_in_their_order
"""

from alembic import op

revision = "bands_in_their_order"
down_revision = "narrow_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same rows are found, already sorted."""
    op.drop_index("child_by_band", "child")
    op.create_index("child_by_band", "child", ["risk_band", "risk_place", "child_id"])
