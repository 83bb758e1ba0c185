"""Training sessions for professionals."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
)

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

training_session = Table(
    "training_session",
    metadata,
    # A correction is a row with the next revision; the newest counts.
    Column("session_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=True),
    Column("reason", Text, nullable=True),
    Column("topic", String(200), nullable=False),
    Column("audience", String(30), nullable=False),
    Column("mode", String(20), nullable=False),
    Column("attended", Integer, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("cancelled", Boolean, nullable=False),
    CheckConstraint("attended >= 0", name="a_number_of_people"),
    CheckConstraint(
        "(revision = 1) = (reason IS NULL) AND (reason IS NULL OR length(reason) >= 20)",
        name="session_corrected_with_a_reason",
    ),
    Index("training_session_by_day", "held_on"),
)
