"""What was published of a year."""

from sqlalchemy import CheckConstraint, Column, Integer, String, Table, Text, Uuid

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

published_figure = Table(
    "published_figure",
    metadata,
    # What was published of a year, e.g. one without records. The newest revision counts.
    Column("period", String(7), primary_key=True),
    Column("type", String(4), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("referrals", Integer, nullable=False),
    Column("source", String(300), nullable=False),
    Column("reason", Text, nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=False),
    CheckConstraint("type IN ('cse', 'cce', 'both', 'all')", name="known_type_of_figure"),
    CheckConstraint("referrals >= 0", name="a_count"),
    CheckConstraint("length(reason) >= 20", name="entered_with_a_reason"),
)
