"""Sex, ethnicity, unborn children, looked after at referral, allocation, days of decisions in the
past, published figures.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A column that brings its constraint along: both databases can add that without making the table
# anew, so that no row is written again, least of all of the append-only history. Each constraint
# on a line of its own, where SQLAlchemy finds it.
COLUMNS = (
    "child ADD COLUMN expected_on DATE",
    "child ADD COLUMN sex VARCHAR(1)\nCONSTRAINT known_sex CHECK (sex IN ('F', 'M', 'U'))",
    "child ADD COLUMN ethnicity VARCHAR(4)\nCONSTRAINT known_ethnicity CHECK (ethnicity IN ("
    "'WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH', 'MWBC', 'MWBA', 'MWAS', 'MOTH', 'AIND', 'APKN',"
    " 'ABAN', 'CHNE', 'AOTH', 'BCRB', 'BAFR', 'BOTH', 'OOTH', 'REFU', 'NOBT'))",
    "referral_history ADD COLUMN decided_on DATE",
    "referral_history ADD COLUMN worker VARCHAR(100)",
    "referral_history ADD COLUMN team VARCHAR(60)\nCONSTRAINT allocated_to CHECK ("
    "(command = 'allocate') = (worker IS NOT NULL OR team IS NOT NULL))",
)


def upgrade() -> None:
    """Add what is new. Everything known keeps its place; what was not asked for stays null."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    with op.batch_alter_table("referral", copy_from=_referral_before()) as referral:
        referral.add_column(sa.Column("looked_after", sa.Boolean(), nullable=True))
        referral.drop_constraint("known_status", type_="check")
        referral.create_check_constraint(
            "known_status",
            "status IN ('received', 'in_triage', 'accepted', 'allocated', 'signposted',"
            " 'no_further_action', 'withdrawn')",
        )
    op.create_index("referral_by_received_on", "referral", ["received_on"], unique=False)
    op.create_table(
        "published_figure",
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("referrals", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.CheckConstraint("type IN ('cse', 'cce', 'both', 'all')", name="known_type_of_figure"),
        sa.CheckConstraint("referrals >= 0", name="a_count"),
        sa.CheckConstraint("length(reason) >= 20", name="entered_with_a_reason"),
        sa.PrimaryKeyConstraint("period", "type", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    forbid_changes(op.get_bind(), "published_figure")


def _referral_before() -> sa.Table:
    """The table as the first migration made it: SQLite changes a constraint by making it anew."""
    return sa.Table(
        "referral",
        sa.MetaData(),
        sa.Column("referral_id", sa.Uuid(), primary_key=True),
        sa.Column("child_id", sa.Uuid(), sa.ForeignKey("child.child_id"), nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=2), nullable=False),
        sa.Column("source_ref", sa.String(length=100), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("differing_details", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('received', 'in_triage', 'accepted', 'signposted', 'no_further_action',"
            " 'withdrawn')",
            name="known_status",
        ),
        sa.CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
        sa.Index("ix_referral_child_id", "child_id"),
        sa.Index("referral_by_status", "status", "referral_id"),
    )
