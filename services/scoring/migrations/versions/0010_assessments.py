"""Assessments: who would move under a version, read before it is approved.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of, forbid_changes
from shared.storage.database import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CONTENT = ("model", "version", "text", "document_hash", "rules_hash", "effective_from")
KEPT = (
    *CONTENT,
    "state",
    "imported_in_force_from",
    "author_person_id",
    "proposed_at",
    "proposal_reason",
    "approver_person_id",
    "approved_at",
    "approval_reason",
    "approved_hash",
    "returns_to",
    "ended_at",
    "ended_by_person_id",
    "end_reason",
    "ended_affected",
)
ABOUT = (
    "model",
    "version",
    "document_hash",
    "engine_version",
    "against_version",
    "against_hash",
    "as_of",
    "known_position",
    "population",
    "person_id",
    "started_at",
)


def upgrade() -> None:
    """Versions that were approved before had no assessment; from now on each has one."""
    _assessments()
    _versions()
    connection = op.get_bind()
    forbid_change_of(connection, "model_version", (*CONTENT, "returns_to"))
    forbid_change_of(connection, "assessment", ABOUT)
    for table in ("assessment_mover", "assessment_apart"):
        forbid_changes(connection, table)


def _assessments() -> None:
    op.create_table(
        "assessment",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("against_version", sa.String(length=20), nullable=True),
        sa.Column("against_hash", sa.String(length=64), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("known_position", sa.BigInteger(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("last_child_id", sa.Uuid(), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("scored", sa.Integer(), nullable=False),
        sa.Column("set_apart", sa.Integer(), nullable=False),
        sa.Column("movers", sa.Integer(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("result_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id"),
        sa.UniqueConstraint("assessment_id", "document_hash"),
        sa.CheckConstraint("status IN ('running', 'completed', 'void')", name="known_status"),
        sa.CheckConstraint(
            "(status = 'completed') = (completed_at IS NOT NULL)", name="completed_when"
        ),
        sa.CheckConstraint(
            "status <> 'completed' OR scored + set_apart = population",
            name="completed_only_when_whole",
        ),
    )
    op.create_index(op.f("ix_assessment_status"), "assessment", ["status"])
    op.create_index("assessment_of_version", "assessment", ["model", "version", "assessment_id"])
    op.create_table(
        "assessment_mover",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("band_before", sa.String(length=60), nullable=True),
        sa.Column("band_after", sa.String(length=60), nullable=True),
        sa.Column("total_before", sa.String(length=20), nullable=True),
        sa.Column("total_after", sa.String(length=20), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.assessment_id"]),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("assessment_id", "child_id"),
    )
    op.create_table(
        "assessment_apart",
        sa.Column("assessment_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("error", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.assessment_id"]),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.PrimaryKeyConstraint("assessment_id", "child_id"),
    )


def _versions() -> None:
    op.create_table(
        "model_version_new",
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("imported_in_force_from", sa.Date(), nullable=True),
        sa.Column("author_person_id", sa.String(length=100), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("proposal_reason", sa.Text(), nullable=True),
        sa.Column("approver_person_id", sa.String(length=100), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approval_reason", sa.Text(), nullable=True),
        sa.Column("approved_hash", sa.String(length=64), nullable=True),
        sa.Column("approved_assessment_id", sa.Uuid(), nullable=True),
        sa.Column("approved_engine_version", sa.String(length=20), nullable=True),
        sa.Column("returns_to", sa.String(length=20), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_person_id", sa.String(length=100), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("ended_affected", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("model", "version"),
        sa.UniqueConstraint("model", "document_hash"),
        sa.UniqueConstraint("model", "version", "rules_hash"),
        sa.ForeignKeyConstraint(
            ["model", "returns_to", "rules_hash"],
            [
                "model_version_new.model",
                "model_version_new.version",
                "model_version_new.rules_hash",
            ],
            name="the_same_rules",
        ),
        sa.ForeignKeyConstraint(
            ["approved_assessment_id", "approved_hash"],
            ["assessment.assessment_id", "assessment.document_hash"],
            name="an_assessment_of_this_content",
        ),
        sa.CheckConstraint(
            "state IN ('validated', 'assessed', 'approved', 'withdrawn', 'retired')",
            name="known_state",
        ),
        sa.CheckConstraint(
            "(approved_assessment_id IS NULL) = (approved_engine_version IS NULL)",
            name="assessed_by_which_engine",
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'retired')"
            " OR (author_person_id IS NOT NULL AND approver_person_id IS NOT NULL"
            " AND (author_person_id <> approver_person_id OR returns_to IS NOT NULL)"
            " AND approved_at IS NOT NULL"
            " AND approved_hash IS NOT NULL AND approved_hash = document_hash)",
            name="two_people_one_content",
        ),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'retired')) = (ended_at IS NOT NULL)"
            " AND (ended_at IS NULL) = (ended_by_person_id IS NULL)"
            " AND (ended_at IS NULL) = (end_reason IS NULL)"
            " AND (ended_at IS NULL) = (ended_affected IS NULL)",
            name="ended_by_whom_and_why",
        ),
    )
    columns = ", ".join(KEPT)
    op.execute(
        f"INSERT INTO model_version_new ({columns}) SELECT {columns} FROM model_version"  # noqa: S608  # our own names
        " ORDER BY returns_to IS NOT NULL"
    )
    op.drop_table("model_version")
    op.rename_table("model_version_new", "model_version")
