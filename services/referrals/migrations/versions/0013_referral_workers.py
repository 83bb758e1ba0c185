"""Whose work a referral is, what came of signposting, and who proposed no further action.

Revision ID: referral_workers
"""

import sqlalchemy as sa
from alembic import op

revision = "referral_workers"
down_revision = "referral_clocks"
branch_labels = None
depends_on = None

CHECKS = {
    "one_current_worker": "(status = 'allocated') = (worker IS NOT NULL)",
    "a_team_of_a_worker": "worker_team IS NULL OR worker IS NOT NULL",
    "proposed_in_triage": "proposed_by IS NULL OR status = 'in_triage'",
    "outcome_of_signposting": "outcome IS NULL OR status = 'signposted'",
}


def upgrade() -> None:
    """An allocation to a team alone is with whoever made it, until they name the worker. Of what
    was signposted before, no follow-up is due: what came of it may be recorded all the same."""
    # A column that brings its constraint along: no row is written again. See revision 0002.
    op.execute(
        "ALTER TABLE referral_history ADD COLUMN outcome VARCHAR(20)\n"
        "CONSTRAINT outcome_of_what CHECK ((command = 'record_outcome') = (outcome IS NOT NULL))"
    )
    for column in (
        sa.Column("status_revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("worker_team", sa.String(length=60), nullable=True),
        sa.Column("proposed_by", sa.String(length=100), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
    ):
        op.add_column("referral", column)
    op.execute("UPDATE referral SET status_revision = revision")
    last = "FROM referral_history h WHERE h.referral_id = referral.referral_id"
    last += " AND h.revision = referral.revision"
    op.execute(
        f"UPDATE referral SET worker = (SELECT coalesce(h.worker, h.person_id) {last}),"  # noqa: S608  # our own words
        f" worker_team = (SELECT h.team {last}) WHERE status = 'allocated'"
    )
    with op.batch_alter_table("referral", copy_from=_referral_before()) as referral:
        for name, condition in CHECKS.items():
            referral.create_check_constraint(name, condition)
    op.create_index("referral_by_worker", "referral", ["worker", "referral_id"], unique=False)


def _referral_before() -> sa.Table:
    """The table as it was: SQLite adds a constraint by making the table anew."""
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
        sa.Column(
            "duplicate_of",
            sa.Uuid(),
            sa.ForeignKey("referral.referral_id", name="fk_referral_duplicate_of"),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("over_18_reason", sa.Text(), nullable=True),
        sa.Column("waits_for", sa.String(length=10), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("status_revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("worker_team", sa.String(length=60), nullable=True),
        sa.Column("proposed_by", sa.String(length=100), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "status IN ('received', 'in_triage', 'awaiting_information', 'escalated', 'accepted',"
            " 'allocated', 'signposted', 'no_further_action', 'duplicate', 'withdrawn')",
            name="known_status",
        ),
        sa.CheckConstraint(
            "(status = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_of_another"
        ),
        sa.CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
        sa.CheckConstraint(
            "(waits_for IS NULL) = (due_on IS NULL) AND (paused_on IS NULL OR due_on IS NOT NULL)",
            name="due_for_something",
        ),
        sa.UniqueConstraint("reference", name="uq_referral_reference"),
        sa.Index("ix_referral_child_id", "child_id"),
        sa.Index("ix_referral_duplicate_of", "duplicate_of"),
        sa.Index("referral_by_due_on", "due_on"),
        sa.Index("referral_by_status", "status", "referral_id"),
        sa.Index("referral_by_received_on", "received_on"),
    )
