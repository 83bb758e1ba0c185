"""Screening tools as they were filled in."""

from sqlalchemy import (
    JSON,
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

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

screening = Table(
    "screening",
    metadata,
    # A row a revision; never changed, so that what was once answered stays readable.
    Column("screening_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("referral_id", Uuid, ForeignKey("referral.referral_id"), nullable=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("tool", String(100), nullable=False),
    Column("observed_on", Date, nullable=False),
    # [[code, answer], …] as sent.
    Column("answers", JSON, nullable=False),
    Column("reason", Text, nullable=True),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=True),
    CheckConstraint(
        "(revision = 1) = (reason IS NULL) AND (reason IS NULL OR length(reason) >= 20)",
        name="screening_corrected_with_a_reason",
    ),
    Index("screening_by_referral", "referral_id", "screening_id", "revision"),
)
