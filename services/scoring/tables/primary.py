"""Which model is primary: what it was at first, who proposed another, what became of that."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

# One row, written by a migration: what is primary until two people decide otherwise. Append-only,
# and the lock of all such decisions.
primary_at_first = Table(
    "primary_at_first",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("model", String(60), nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

# Append-only.
primary_proposal = Table(
    "primary_proposal",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("model", String(60), nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("person_id", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("proposal_id", "person_id"),
)

# What became of a proposal: once, and never changed. Append-only.
primary_decision = Table(
    "primary_decision",
    metadata,
    Column("proposal_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("decision", String(10), nullable=False),
    # Copied, so that the database itself refuses an author who is the second person.
    Column("author_person_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # How many children had a score then: each of them is scored under the other model.
    Column("affected", Integer, nullable=False),
    ForeignKeyConstraint(
        ["proposal_id", "author_person_id"],
        ["primary_proposal.proposal_id", "primary_proposal.person_id"],
        name="of_this_author",
    ),
    CheckConstraint("decision IN ('confirmed', 'withdrawn')", name="known_decision"),
    CheckConstraint(
        "decision <> 'confirmed' OR author_person_id <> person_id",
        name="confirmed_by_another_person",
    ),
)
