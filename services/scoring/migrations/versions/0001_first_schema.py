"""The first schema.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime
from shared.storage.journal import start_journal

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table, the head of the journal, and what must never change."""
    op.create_table(
        "child",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("staff_relative", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("child_id"),
    )
    op.create_table(
        "feed_cursor",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "held_identifier",
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_ref", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("type", "value", "source", "source_ref", "revision"),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("consumer", sa.String(length=100), nullable=False),
        sa.Column("route", sa.String(length=300), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("body_digest", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("consumer", "route", "key"),
    )
    op.create_index(
        op.f("ix_idempotency_key_claimed_at"), "idempotency_key", ["claimed_at"], unique=False
    )
    op.create_table(
        "journal",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("entry_id"),
        sa.UniqueConstraint("hash"),
        sa.UniqueConstraint("previous_hash"),
    )
    op.create_index(op.f("ix_journal_child_id"), "journal", ["child_id"], unique=False)
    op.create_index(op.f("ix_journal_recorded_at"), "journal", ["recorded_at"], unique=False)
    op.create_table(
        "journal_head",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("epoch", sa.String(length=36), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "model_version",
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
        sa.CheckConstraint(
            "state <> 'approved' OR (author_person_id IS NOT NULL"
            " AND approver_person_id IS NOT NULL AND author_person_id <> approver_person_id"
            " AND approved_at IS NOT NULL AND approved_hash IS NOT NULL"
            " AND approved_hash = document_hash)",
            name="two_people_one_content",
        ),
        sa.CheckConstraint("state IN ('validated', 'approved')", name="known_state"),
        sa.PrimaryKeyConstraint("model", "version"),
        sa.UniqueConstraint("model", "document_hash"),
    )
    op.create_table(
        "receipt",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("results", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("receipt_id"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index(op.f("ix_receipt_client_id"), "receipt", ["client_id"], unique=False)
    op.create_table(
        "source",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.create_table(
        "child_identifier",
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.PrimaryKeyConstraint("type", "value", "child_id"),
    )
    op.create_table(
        "child_version",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("date_of_birth_estimated", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index(op.f("ix_child_version_child_id"), "child_version", ["child_id"], unique=False)
    op.create_table(
        "held_update",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_ref", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipt.receipt_id"],
        ),
        sa.PrimaryKeyConstraint("source", "source_ref", "revision"),
    )
    op.create_table(
        "journal_payload",
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position"],
            ["journal.position"],
        ),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "observation",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("source_ref", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("agency", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("observed_until", sa.Date(), nullable=True),
        sa.Column("incident_ref", sa.String(length=100), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("note_ref", sa.String(length=100), nullable=True),
        sa.Column("handling", sa.String(length=20), nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("first_result", sa.String(length=10), nullable=False),
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("observed_until >= observed_on", name="period_in_order"),
        sa.CheckConstraint("revision >= 1", name="revision_from_1"),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipt.receipt_id"],
        ),
        sa.PrimaryKeyConstraint("source", "source_ref", "revision"),
    )
    op.create_index("observation_of_child", "observation", ["child_id"], unique=False)
    op.create_table(
        "rejected_update",
        sa.Column("receipt_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"],
            ["receipt.receipt_id"],
        ),
        sa.PrimaryKeyConstraint("receipt_id", "place"),
    )
    op.create_table(
        "score",
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("calculated_at", UtcDateTime(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("engine_version", sa.String(length=20), nullable=False),
        sa.Column("known_position", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("total", sa.String(length=20), nullable=True),
        sa.Column("band", sa.String(length=60), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.PrimaryKeyConstraint("score_id"),
        sa.UniqueConstraint("child_id", "number"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_table(
        "score_due",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("marked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.PrimaryKeyConstraint("child_id"),
    )
    connection = op.get_bind()
    start_journal(connection)
    for table in ("child_version", "receipt", "observation", "score"):
        forbid_changes(connection, table)
