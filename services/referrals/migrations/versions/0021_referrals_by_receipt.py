"""An index of referrals by the day of their receipt, in the order in which a list shows them.

Revision ID: referrals_by_receipt
"""

from alembic import op

revision = "referrals_by_receipt"
down_revision = "reviews_due_index"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same rows are found, already sorted."""
    op.create_index("referral_by_receipt", "referral", ["received_on", "referral_id"])
    op.drop_index("referral_by_received_on", "referral")
