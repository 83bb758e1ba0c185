"""How far it has been proved that stored scores follow from their inputs."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text, Uuid

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

score_proof = Table(
    "score_proof",
    metadata,
    # One row: where the present pass over all stored scores stands.
    Column("id", Integer, primary_key=True),
    Column("last_score_id", Uuid, nullable=True),
    Column("checked", Integer, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    # When the last whole pass ended, and how many scores it checked.
    Column("completed_at", UtcDateTime, nullable=True),
    Column("completed_checked", Integer, nullable=True),
    CheckConstraint("id = 1", name="one_row"),
)

# Stored scores that were found not to follow from their inputs. Append-only.
score_mismatch = Table(
    "score_mismatch",
    metadata,
    Column("score_id", Uuid, ForeignKey("score.score_id"), primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("found_at", UtcDateTime, nullable=False),
    Column("differences", Text, nullable=False),
)
