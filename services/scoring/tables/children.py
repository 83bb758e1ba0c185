"""What scoring knows of children: a projection of referrals' feed."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Uuid,
)

from services.scoring.tables.base import metadata

child = Table(
    "child",
    metadata,
    Column("child_id", Uuid, primary_key=True),
    # The projection of referrals' access facts. The row is also the lock of a child's evidence.
    Column("team", String(60), nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("staff_relative", Boolean, nullable=False),
    # For figures of disparity alone; no score reads them. None: not known.
    Column("sex", String(10), nullable=True),
    Column("ethnicity", String(10), nullable=True),
    Column("looked_after", Boolean, nullable=True),
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

# A record of a child that turned out to be another's as well; its row goes when they are parted.
merged_child = Table(
    "merged_child",
    metadata,
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("survivor_id", Uuid, ForeignKey("child.child_id"), nullable=False),
    # The last of its survivors: the record that answers for it.
    Column("counts_for", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    CheckConstraint("survivor_id <> child_id", name="into_another"),
    CheckConstraint("counts_for <> child_id", name="counts_for_another"),
)

# From which journal entry on the evidence of a record counts for which record (for itself again
# once they were parted). Append-only, an input of scores.
counting = Table(
    "counting",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("counts_for", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Index("counting_of_child", "child_id"),
)
