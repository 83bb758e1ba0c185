"""Cases, their histories, and the records of the work in them.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of, forbid_changes
from shared.storage.database import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables. Histories and records are never changed, nor is whose case it is."""
    op.create_table(
        "child_case",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=100), nullable=True),
        sa.CheckConstraint(
            "status IN ('open', 'assessing', 'active', 'stepping_down', 'closed')",
            name="known_case_status",
        ),
        sa.CheckConstraint(
            "status NOT IN ('stepping_down', 'closed') OR next_check_on IS NOT NULL",
            name="somebody_looks_again",
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.referral_id"]),
        sa.PrimaryKeyConstraint("case_id"),
        sa.UniqueConstraint("referral_id"),
    )
    op.create_index("ix_child_case_child_id", "child_case", ["child_id"], unique=False)
    op.create_index("case_by_status", "child_case", ["status", "case_id"], unique=False)
    op.create_table(
        "case_history",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("command", sa.String(length=30), nullable=False),
        sa.Column("from_status", sa.String(length=20), nullable=True),
        sa.Column("to_status", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("next_check_on", sa.Date(), nullable=True),
        sa.Column("authority", sa.String(length=100), nullable=True),
        sa.Column("proposed_by", sa.String(length=100), nullable=True),
        sa.Column("score_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("length(reason) >= 20", name="a_case_moves_with_a_reason"),
        sa.CheckConstraint(
            "(command IN ('step_down', 'close', 'transfer')) = (proposed_by IS NOT NULL)"
            " AND (proposed_by IS NULL OR proposed_by <> person_id)",
            name="two_people_end_support",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["child_case.case_id"]),
        sa.PrimaryKeyConstraint("case_id", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_table(
        "case_record",
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contact', 'plan', 'action', 'plan_review', 'health')",
            name="known_record_kind",
        ),
        sa.CheckConstraint(
            "(revision = 1) = (reason IS NULL) AND (reason IS NULL OR length(reason) >= 20)",
            name="record_corrected_with_a_reason",
        ),
        sa.ForeignKeyConstraint(["case_id"], ["child_case.case_id"]),
        sa.PrimaryKeyConstraint("record_id", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index(
        "case_record_by_case", "case_record", ["case_id", "kind", "record_id"], unique=False
    )
    for table in ("case_history", "case_record"):
        forbid_changes(op.get_bind(), table)
    forbid_change_of(
        op.get_bind(), "child_case", ["case_id", "child_id", "referral_id", "opened_at"]
    )
