"""What scoring has told of each child."""

from sqlalchemy import BigInteger, Column, Date, String, Table, Text, Uuid

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

# Out of scoring's feed, also for children not known here yet: order does not matter.
current_rating = Table(
    "current_rating",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    Column("score_id", Uuid, nullable=False),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("status", String(20), nullable=False),
    Column("total", String(20), nullable=True),
    Column("band", String(60), nullable=True),
    # Where total and band could lie, and how much is known: as JSON, only ever shown.
    Column("outlook", Text, nullable=True),
    # Its place in scoring's journal: a later one replaces an earlier one, never the reverse.
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("position", BigInteger, nullable=False),
)

known_score = Table(
    "known_score",
    metadata,
    # The scores that a decision about the child may cite.
    Column("score_id", Uuid, primary_key=True),
    Column("child_id", Uuid, nullable=False),
)
