"""Activations: a version has come into force, and every child is scored again under it."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

activation = Table(
    "activation",
    metadata,
    # In the order in which they came. A version comes again when its model is primary again.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("first_day", Date, nullable=False),
    # When a worker first saw that it is in force.
    Column("began_at", UtcDateTime, nullable=False),
    # Either every child was scored or set apart, or another version came before that. Then it
    # stands (a trigger, revision 0017).
    Column("completed_at", UtcDateTime, nullable=True),
    Column("superseded_at", UtcDateTime, nullable=True),
    Column("population", Integer, nullable=True),
    Column("scored", Integer, nullable=True),
    Column("set_apart", Integer, nullable=True),
    CheckConstraint("completed_at IS NULL OR superseded_at IS NULL", name="one_end"),
    CheckConstraint(
        "completed_at IS NULL"
        " OR (population IS NOT NULL AND scored IS NOT NULL AND set_apart IS NOT NULL"
        " AND scored + set_apart = population)",
        name="completed_only_when_whole",
    ),
    Index("activation_of_version", "model", "version", "number"),
)

# Children whose score can't be computed: set apart, never dropped. They stay due.
score_apart = Table(
    "score_apart",
    metadata,
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("document_hash", String(64), nullable=False, index=True),
    Column("error", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
