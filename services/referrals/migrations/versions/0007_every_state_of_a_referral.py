"""Every state of a referral: waiting for information, escalated, a duplicate of another one.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATUSES = (
    "status IN ('received', 'in_triage', 'awaiting_information', 'escalated', 'accepted',"
    " 'allocated', 'signposted', 'no_further_action', 'duplicate', 'withdrawn')"
)
# With its constraint, so that no row of the append-only history is written again; on a line of
# its own, where SQLAlchemy finds it.
DUPLICATE_OF = (
    "ALTER TABLE referral_history ADD COLUMN duplicate_of {uuid}\n"
    "CONSTRAINT duplicate_of_which CHECK ("
    "(command = 'mark_duplicate') = (duplicate_of IS NOT NULL))"
)


def upgrade() -> None:
    """No referral is in one of the new states yet: rows stay as they are."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(DUPLICATE_OF.format(uuid="CHAR(32)" if sqlite else "UUID"))
    with op.batch_alter_table("referral", copy_from=_referral_before()) as referral:
        referral.add_column(sa.Column("duplicate_of", sa.Uuid(), nullable=True))
        referral.drop_constraint("known_status", type_="check")
        referral.create_check_constraint("known_status", STATUSES)
        referral.create_check_constraint(
            "duplicate_of_another", "(status = 'duplicate') = (duplicate_of IS NOT NULL)"
        )
        referral.create_foreign_key(
            "fk_referral_duplicate_of", "referral", ["duplicate_of"], ["referral_id"]
        )
    op.create_index(op.f("ix_referral_duplicate_of"), "referral", ["duplicate_of"], unique=False)


def _referral_before() -> sa.Table:
    """The table as it was: SQLite changes a constraint by making it anew."""
    return sa.Table(
        "referral",
        sa.MetaData(),
        sa.Column("referral_id", sa.Uuid(), primary_key=True),
        sa.Column("child_id", sa.Uuid(), sa.ForeignKey("child.child_id"), nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=2), nullable=False),
        sa.Column("source_ref", sa.String(length=100), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("differing_details", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("looked_after", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "status IN ('received', 'in_triage', 'accepted', 'allocated', 'signposted',"
            " 'no_further_action', 'withdrawn')",
            name="known_status",
        ),
        sa.CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
        sa.Index("ix_referral_child_id", "child_id"),
        sa.Index("referral_by_status", "status", "referral_id"),
        sa.Index("referral_by_received_on", "received_on"),
    )
