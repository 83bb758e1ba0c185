"""What scoring knows of children: a projection of referrals' feed."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, String, Table, Uuid

from services.scoring.tables.base import metadata

child = Table(
    "child",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    # The projection of referrals' access facts. The row is also the lock of a child's evidence.
    Column("team", String(60), nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("staff_relative", Boolean, nullable=False),
)

child_version = Table(
    "child_version",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("date_of_birth", Date, nullable=True),
    Column("date_of_birth_estimated", Boolean, nullable=False),
)

child_identifier = Table(
    "child_identifier",
    metadata,
    Column("type", String(20), primary_key=True),
    Column("value", String(40), primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
)
