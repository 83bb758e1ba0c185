"""The versions of the weights."""

from sqlalchemy import CheckConstraint, Column, Date, String, Table, Text, UniqueConstraint

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

model_version = Table(
    "model_version",
    metadata,
    Column("model", String(60), primary_key=True),
    Column("version", String(20), primary_key=True),
    Column("text", Text, nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("rules_hash", String(64), nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Column("imported_in_force_from", Date, nullable=True),
    Column("author_person_id", String(100), nullable=True),
    Column("proposed_at", UtcDateTime, nullable=True),
    Column("proposal_reason", Text, nullable=True),
    Column("approver_person_id", String(100), nullable=True),
    Column("approved_at", UtcDateTime, nullable=True),
    Column("approval_reason", Text, nullable=True),
    Column("approved_hash", String(64), nullable=True),
    UniqueConstraint("model", "document_hash"),
    CheckConstraint("state IN ('validated', 'approved')", name="known_state"),
    # No weight counts without two people, bound to the exact content.
    CheckConstraint(
        "state <> 'approved' OR (author_person_id IS NOT NULL AND approver_person_id IS NOT NULL"
        " AND author_person_id <> approver_person_id AND approved_at IS NOT NULL"
        " AND approved_hash IS NOT NULL AND approved_hash = document_hash)",
        name="two_people_one_content",
    ),
)
