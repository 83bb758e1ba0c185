"""Names with kinds, times of being looked after, dates of numbers.

Revision ID: child_facts
"""

import sqlalchemy as sa
from alembic import op

revision = "child_facts"
down_revision = "screenings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what is new; of numbers known before no dates are known."""
    for name in ("valid_from", "valid_until"):
        op.add_column("child_identifier", sa.Column(name, sa.Date(), nullable=True))
    op.create_table(
        "child_name",
        sa.Column("name_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('also_known_as', 'birth', 'adopted')", name="known_name_kind"),
        sa.CheckConstraint("given_name IS NOT NULL OR family_name IS NOT NULL", name="a_name"),
        sa.CheckConstraint("valid_until >= valid_from", name="a_name_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("name_id"),
    )
    op.create_index("ix_child_name_child_id", "child_name", ["child_id"], unique=False)
    op.create_table(
        "looked_after_period",
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("legal_status", sa.String(length=2), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "legal_status IN ('C1', 'C2', 'D1', 'E1', 'V2', 'V3', 'V4', 'L1', 'L2', 'L3', 'J1',"
            " 'J2', 'J3')",
            name="known_legal_status",
        ),
        sa.CheckConstraint("ended_on >= began_on", name="a_period_ends_after_it_begins"),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("period_id"),
    )
    op.create_index(
        "ix_looked_after_period_child_id", "looked_after_period", ["child_id"], unique=False
    )
