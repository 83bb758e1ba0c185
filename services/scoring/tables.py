"""The tables that scoring owns. Only `store` (and the migrations) touch them.

Evidence is append-only: a correction or retraction is a new revision, never a change. A row says
with which journal entry it became known; that entry's position is known time.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.storage.cursors import cursor_table
from shared.storage.database import UtcDateTime
from shared.storage.idempotency import idempotency_table
from shared.storage.journal import journal_tables

metadata = MetaData()

journal = journal_tables(metadata)
idempotency_key = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)

child = Table(
    "child",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    # The projection of referrals' access facts. The row is also the lock of a child's evidence.
    Column("team", String(60), nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("staff_relative", Boolean, nullable=False),
)

child_version = Table(
    "child_version",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("date_of_birth", Date, nullable=True),
    Column("date_of_birth_estimated", Boolean, nullable=False),
)

child_identifier = Table(
    "child_identifier",
    metadata,
    Column("type", String(20), primary_key=True),
    Column("value", String(40), primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
)

source = Table(
    "source",
    metadata,
    # The row is the lock of a source: its updates are taken in one request after another.
    Column("source", String(60), primary_key=True),
    Column("agency", String(40), nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("receipt_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("client_id", String(100), nullable=False, index=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("results", Text, nullable=False),
)

# What was rejected, as it was sent: nothing received is lost. Apart from the receipt, because it
# may name somebody and can be erased.
rejected_update = Table(
    "rejected_update",
    metadata,
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("content", Text, nullable=False),
)

observation = Table(
    "observation",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("source_ref", String(100), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("code", String(60), nullable=False),
    Column("answer", String(40), nullable=False),
    Column("observed_on", Date, nullable=False),
    Column("observed_until", Date, nullable=True),
    Column("incident_ref", String(100), nullable=True),
    Column("sequence", Integer, nullable=True),
    Column("note_ref", String(100), nullable=True),
    Column("handling", String(20), nullable=True),
    Column("retracted", Boolean, nullable=False),
    Column("content_digest", String(64), nullable=False),
    Column("first_result", String(10), nullable=False),
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), nullable=False),
    Column("entry_id", Uuid, nullable=False),
    CheckConstraint("revision >= 1", name="revision_from_1"),
    CheckConstraint("observed_until >= observed_on", name="period_in_order"),
    Index("observation_of_child", "child_id"),
)

held_update = Table(
    "held_update",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("source_ref", String(100), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("receipt_id", Uuid, ForeignKey("receipt.receipt_id"), nullable=False),
    Column("agency", String(40), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("content", Text, nullable=False),
    Column("content_digest", String(64), nullable=False),
    # Name and birth date, where a sender has no number: erased when the update is attached.
    Column("person", Text, nullable=True),
)

held_identifier = Table(
    "held_identifier",
    metadata,
    Column("type", String(20), primary_key=True),
    Column("value", String(40), primary_key=True),
    Column("source", String(60), primary_key=True),
    Column("source_ref", String(100), primary_key=True),
    Column("revision", Integer, primary_key=True),
)

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

score_due = Table(
    "score_due",
    metadata,
    # No foreign key: its check would lock children, and marks are set while others hold them.
    Column("child_id", Uuid, primary_key=True),
    Column("marked_at", UtcDateTime, nullable=False),
)

score = Table(
    "score",
    metadata,
    Column("score_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("calculated_at", UtcDateTime, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("engine_version", String(20), nullable=False),
    # What the score follows from: everything known up to this position of the journal.
    Column("known_position", BigInteger, nullable=False),
    Column("status", String(20), nullable=False),
    Column("total", String(20), nullable=True),
    Column("band", String(60), nullable=True),
    Column("document", Text, nullable=False),
    # Why it differs from the one before, and in which parts; none for the first.
    Column("cause", String(20), nullable=True),
    Column("parts", Text, nullable=True),
    UniqueConstraint("child_id", "number"),
)

# Where each child stands: its last stored score, and the day on which time alone changes it.
standing = Table(
    "standing",
    metadata,
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("score_id", Uuid, ForeignKey("score.score_id"), nullable=False, unique=True),
    Column("document_hash", String(64), nullable=False, index=True),
    Column("next_change_on", Date, nullable=True, index=True),
)
