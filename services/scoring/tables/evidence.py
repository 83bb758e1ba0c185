"""Feeds, what they sent, and what is kept of it: append-only."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

source = Table(
    "source",
    metadata,
    # The row is the lock of a source: its updates are taken in one request after another.
    Column("source", String(60), primary_key=True),
    Column("agency", String(40), nullable=False),
    # The last of its turns (below); none until it was decided for the first time.
    Column("state", String(6), nullable=True),
    Column("last_heard_at", UtcDateTime, nullable=True),
    Column("heartbeat_at", UtcDateTime, nullable=True),
    # The last number that the source says it has sent.
    Column("announced_sequence", Integer, nullable=True),
    Column("last_observed_on", Date, nullable=True),
    CheckConstraint("state IN ('fresh', 'silent')", name="known_state"),
)

# A source fell silent, or spoke again: the beginning of an interval, an input of scores like any
# statement. Append-only.
feed_turn = Table(
    "feed_turn",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("source", String(60), ForeignKey("source.source"), nullable=False),
    Column("state", String(6), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("on_day", Date, nullable=False),
    CheckConstraint("state IN ('fresh', 'silent')", name="known_turn"),
    Index("feed_turn_of_source", "source"),
)

# The numbers received of a source, in as few ranges as there can be.
sequence_range = Table(
    "sequence_range",
    metadata,
    Column("source", String(60), ForeignKey("source.source"), primary_key=True),
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    CheckConstraint("last >= first", name="range_in_order"),
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

# What was rejected or in conflict: nothing received is lost but whom a person block names. Apart
# from the receipt, because it can be erased.
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

# The numbers of a statement that was recorded under several of them: they may come to lead to
# another child, or to several.
named_identifier = Table(
    "named_identifier",
    metadata,
    Column("type", String(20), primary_key=True),
    Column("value", String(40), primary_key=True),
    Column("source", String(60), primary_key=True),
    Column("source_ref", String(100), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Index("named_identifier_of_statement", "source", "source_ref", "revision"),
)

# Between two journal entries the numbers of a statement led to another child, or to several: it
# counts for nobody. An input of scores; a row only ever gets its end.
contest = Table(
    "contest",
    metadata,
    Column("source", String(60), primary_key=True),
    Column("source_ref", String(100), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("entry_id", Uuid, primary_key=True),
    Column("ended_entry_id", Uuid, nullable=True),
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
    # Name and birth date, where a sender has no number: erased when the update is attached, or
    # discarded.
    Column("person", Text, nullable=True),
    # By a person, with a reason. What was received stays, but waits for nobody any more.
    Column("discarded_by", String(100), nullable=True),
    Column("discard_reason", Text, nullable=True),
    Column("discarded_entry_id", Uuid, nullable=True),
    CheckConstraint(
        "(discarded_entry_id IS NULL) = (discarded_by IS NULL)"
        " AND (discarded_entry_id IS NULL) = (discard_reason IS NULL)"
        " AND (discarded_entry_id IS NULL OR person IS NULL)",
        name="discarded_by_whom_and_why",
    ),
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
