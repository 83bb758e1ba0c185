"""Scores: which are due, what was stored, and where each child stands."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

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

# Where each child stands: its last stored score, under which content and engine version it was
# looked at, the day on which time alone changes it, and up to where in the journal it was known
# which feeds are silent.
standing = Table(
    "standing",
    metadata,
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("score_id", Uuid, ForeignKey("score.score_id"), nullable=False, unique=True),
    Column("document_hash", String(64), nullable=False, index=True),
    Column("engine_version", String(20), nullable=False, index=True, server_default="1"),
    Column("next_change_on", Date, nullable=True, index=True),
    Column("feeds_position", BigInteger, nullable=False, index=True, server_default="0"),
)
