"""Cases, the history of each, and the records of the work in them."""

from sqlalchemy import (
    JSON,
    Boolean,
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

child_case = Table(
    "child_case",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    # One case a referral; a later concern is a referral of its own.
    Column("referral_id", Uuid, ForeignKey("referral.referral_id"), nullable=False, unique=True),
    Column("type", String(4), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("status", String(20), nullable=False),
    # Counts the rows of its history; the newest one led to the present status.
    Column("revision", Integer, nullable=False),
    Column("next_check_on", Date, nullable=True),
    # Where it went, if another authority took over.
    Column("authority", String(100), nullable=True),
    CheckConstraint(
        "status IN ('open', 'assessing', 'active', 'stepping_down', 'closed')",
        name="known_case_status",
    ),
    CheckConstraint(
        "status NOT IN ('stepping_down', 'closed') OR next_check_on IS NOT NULL",
        name="somebody_looks_again",
    ),
    Index("case_by_status", "status", "case_id"),
)

case_history = Table(
    "case_history",
    metadata,
    Column("case_id", Uuid, ForeignKey("child_case.case_id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("command", String(30), nullable=False),
    Column("from_status", String(20), nullable=True),
    Column("to_status", String(20), nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("next_check_on", Date, nullable=True),
    Column("authority", String(100), nullable=True),
    Column("proposed_by", String(100), nullable=True),
    Column("score_id", Uuid, nullable=True),
    Column("rating", JSON(none_as_null=True), nullable=True),
    CheckConstraint("length(reason) >= 20", name="a_case_moves_with_a_reason"),
    CheckConstraint(
        "(command IN ('step_down', 'close', 'transfer')) = (proposed_by IS NOT NULL)"
        " AND (proposed_by IS NULL OR proposed_by <> person_id)",
        name="two_people_end_support",
    ),
)

case_record = Table(
    "case_record",
    metadata,
    Column("record_id", Uuid, primary_key=True),
    # A correction is a row with the next revision; the newest counts.
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Uuid, ForeignKey("child_case.case_id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=True),
    Column("on_day", Date, nullable=False),
    Column("reason", Text, nullable=True),
    Column("content", JSON, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    CheckConstraint(
        "kind IN ('contact', 'plan', 'action', 'plan_review', 'health')", name="known_record_kind"
    ),
    CheckConstraint(
        "(revision = 1) = (reason IS NULL) AND (reason IS NULL OR length(reason) >= 20)",
        name="record_corrected_with_a_reason",
    ),
    Index("case_record_by_case", "case_id", "kind", "record_id"),
)
