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
        sa.Column("given_name", sa.String(length=100), nullable=True),
        sa.Column("family_name", sa.String(length=100), nullable=True),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("date_of_birth_estimated", sa.Boolean(), nullable=False),
        sa.Column("team", sa.String(length=60), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("staff_relative", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "date_of_birth IS NOT NULL OR NOT date_of_birth_estimated", name="a_date_to_estimate"
        ),
        sa.PrimaryKeyConstraint("child_id"),
    )
    op.create_table(
        "current_rating",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("total", sa.String(length=20), nullable=True),
        sa.Column("band", sa.String(length=60), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
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
        "known_score",
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("score_id"),
    )
    op.create_table(
        "child_identifier",
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "type IN ('nhs_number', 'upn', 'police_urn', 'council_id')",
            name="known_identifier_type",
        ),
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.PrimaryKeyConstraint("type", "value"),
    )
    op.create_index(
        op.f("ix_child_identifier_child_id"), "child_identifier", ["child_id"], unique=False
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
        "referral",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["child_id"],
            ["child.child_id"],
        ),
        sa.PrimaryKeyConstraint("referral_id"),
    )
    op.create_index(op.f("ix_referral_child_id"), "referral", ["child_id"], unique=False)
    op.create_index("referral_by_status", "referral", ["status", "referral_id"], unique=False)
    op.create_table(
        "referral_history",
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("command", sa.String(length=30), nullable=False),
        sa.Column("from_status", sa.String(length=30), nullable=True),
        sa.Column("to_status", sa.String(length=30), nullable=False),
        sa.Column("client_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("destination", sa.String(length=10), nullable=True),
        sa.Column("service_name", sa.String(length=100), nullable=True),
        sa.Column("score_id", sa.Uuid(), nullable=True),
        sa.Column("rating", sa.JSON(), nullable=True),
        sa.CheckConstraint(
            "(command = 'receive') = (revision = 1) AND (revision = 1) = (from_status IS NULL)",
            name="received_first",
        ),
        sa.CheckConstraint(
            "(command = 'signpost') = (destination IS NOT NULL)", name="signposted_where"
        ),
        sa.CheckConstraint(
            "command = 'receive' OR person_id IS NOT NULL", name="a_person_moves_it"
        ),
        sa.CheckConstraint(
            "command IN ('receive', 'start_triage')"
            " OR (reason IS NOT NULL AND length(reason) >= 20)",
            name="a_decision_has_a_reason",
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"],
            ["referral.referral_id"],
        ),
        sa.PrimaryKeyConstraint("referral_id", "revision"),
        sa.UniqueConstraint("entry_id"),
    )
    connection = op.get_bind()
    start_journal(connection)
    forbid_changes(connection, "referral_history")
