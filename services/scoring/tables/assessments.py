"""Assessments: the whole population scored under a candidate, a part at a time, and who moves."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

assessment = Table(
    "assessment",
    metadata,
    Column("assessment_id", Uuid, primary_key=True),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    # What it is about: this content under this engine, against that one, with the evidence that
    # was known up to a position of the journal, on a day.
    Column("document_hash", String(64), nullable=False),
    Column("engine_version", String(20), nullable=False),
    Column("against_version", String(20), nullable=True),
    Column("against_hash", String(64), nullable=True),
    Column("as_of", Date, nullable=False),
    Column("known_position", BigInteger, nullable=False),
    Column("population", Integer, nullable=False),
    Column("person_id", String(100), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    # How far it is; once it doesn't run any more, it stands (a trigger, revision 0017). Children
    # are walked through in the order of their ids.
    Column("status", String(10), nullable=False, index=True),
    Column("last_child_id", Uuid, nullable=True),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("scored", Integer, nullable=False),
    Column("set_apart", Integer, nullable=False),
    Column("movers", Integer, nullable=False),
    Column("tally", Text, nullable=False),
    Column("completed_at", UtcDateTime, nullable=True),
    # Over figures, movers and those set apart: what the approval is bound to.
    Column("result_hash", String(64), nullable=False),
    UniqueConstraint("assessment_id", "document_hash"),
    CheckConstraint("status IN ('running', 'completed', 'void')", name="known_status"),
    CheckConstraint("(status = 'completed') = (completed_at IS NOT NULL)", name="completed_when"),
    # Nobody is forgotten: who can't be scored is set apart, and counts.
    CheckConstraint(
        "status <> 'completed' OR scored + set_apart = population", name="completed_only_when_whole"
    ),
    Index("assessment_of_version", "model", "version", "assessment_id"),
)

# A child who would stand in another band, and what makes it so. Append-only.
assessment_mover = Table(
    "assessment_mover",
    metadata,
    Column("assessment_id", Uuid, ForeignKey("assessment.assessment_id"), primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("band_before", String(60), nullable=True),
    Column("band_after", String(60), nullable=True),
    Column("total_before", String(20), nullable=True),
    Column("total_after", String(20), nullable=True),
    Column("because", Text, nullable=False),
)

# A child who can't be scored under one of the two, and by which error. Append-only.
assessment_apart = Table(
    "assessment_apart",
    metadata,
    Column("assessment_id", Uuid, ForeignKey("assessment.assessment_id"), primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("error", String(100), nullable=False),
)
