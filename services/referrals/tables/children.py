"""Children and their numbers in other systems."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
)

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

child = Table(
    "child",
    metadata,
    # The row is also the lock of what is known about a child.
    Column("child_id", Uuid, primary_key=True),
    Column("given_name", String(100), nullable=True),
    Column("family_name", String(100), nullable=True),
    Column("date_of_birth", Date, nullable=True),
    Column("date_of_birth_estimated", Boolean, nullable=False),
    # For a child referred unborn; it stays when the date of birth becomes known.
    Column("expected_on", Date, nullable=True),
    # DfE codes. Null: not stated in the source, which is not "not yet obtained".
    Column("sex", String(1), nullable=True),
    Column("ethnicity", String(4), nullable=True),
    Column("team", String(60), nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("staff_relative", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # The child's place in the risk list: the same row that says who may see the child, so that a
    # page is one walk along an index. 0 the highest band, 1 not rated (yet), 2 and on the others.
    Column("risk_place", SmallInteger, nullable=False, server_default="1"),
    Column("risk_band", String(60), nullable=True),
    Column("rating_changed_at", UtcDateTime, nullable=True),
    Column("rated_on", Date, nullable=True),
    Column("review_within", String(10), nullable=True),
    Column("reviewed_on", Date, nullable=True),
    Column("review_due_on", Date, nullable=True),
    Column("last_review_id", Uuid, nullable=True),
    CheckConstraint(
        "date_of_birth IS NOT NULL OR NOT date_of_birth_estimated", name="a_date_to_estimate"
    ),
    CheckConstraint("sex IN ('F', 'M', 'U')", name="known_sex"),
    CheckConstraint(
        "ethnicity IN ('WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH', 'MWBC', 'MWBA', 'MWAS', 'MOTH',"
        " 'AIND', 'APKN', 'ABAN', 'CHNE', 'AOTH', 'BCRB', 'BAFR', 'BOTH', 'OOTH', 'REFU', 'NOBT')",
        name="known_ethnicity",
    ),
    Index("child_by_risk", "risk_place", "child_id"),
    Index("child_by_band", "risk_band", "child_id"),
    Index("child_by_team", "team", "risk_place", "child_id"),
)

child_review = Table(
    "child_review",
    metadata,
    # A named person looked at the child's risk. Never changed.
    Column("review_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("on_day", Date, nullable=False),
    # The score that was looked at; null states that none was.
    Column("score_id", Uuid, nullable=True),
    Column("note", Text, nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=False),
    Index("child_review_by_child", "child_id", "review_id"),
)

child_identifier = Table(
    "child_identifier",
    metadata,
    # One number, one child: two posts at once with the same new number end in one child.
    Column("type", String(20), primary_key=True),
    Column("value", String(40), primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    CheckConstraint(
        "type IN ('nhs_number', 'upn', 'police_urn', 'council_id')", name="known_identifier_type"
    ),
)
