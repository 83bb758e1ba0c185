"""Referrals that are still being written."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, Uuid

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

referral_draft = Table(
    "referral_draft",
    metadata,
    Column("draft_id", Uuid, primary_key=True),
    # A person's or a system's: nobody else's.
    Column("owner", String(110), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    # From then on it is gone for everybody; soon after it is erased.
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("content", JSON, nullable=False),
    Index("referral_draft_by_owner", "owner", "draft_id"),
)
