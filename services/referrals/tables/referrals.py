"""Referrals, and the history of each."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

_DUPLICATE = text("duplicate_of IS NOT NULL")

referral = Table(
    "referral",
    metadata,
    Column("referral_id", Uuid, primary_key=True),
    # What people call it: year, running number, check digit.
    Column("reference", String(20), nullable=False, unique=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("type", String(4), nullable=False),
    Column("source", String(2), nullable=False),
    Column("source_ref", String(100), nullable=True),
    Column("received_on", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("summary", Text, nullable=True),
    # As the sender said of that day. Null: not stated in the source.
    Column("looked_after", Boolean, nullable=True),
    # What was known of that day when it was recorded, never changed. No age: unborn, or not known.
    Column("age_at_referral", SmallInteger, nullable=True),
    Column("looked_after_at_referral", Boolean, nullable=True),
    Column("over_18_reason", Text, nullable=True),
    # What the sender said of the child that differs from what was known: {field: as sent}.
    Column("differing_details", JSON, nullable=False),
    Column("status", String(30), nullable=False),
    # The referral about the same child that stays, while this one is its duplicate.
    Column("duplicate_of", Uuid, ForeignKey("referral.referral_id"), nullable=True),
    # What somebody has to do next, by when, and since when the clock stands; null: nothing is due.
    Column("waits_for", String(10), nullable=True),
    Column("due_on", Date, nullable=True),
    Column("paused_on", Date, nullable=True),
    # Whose work it is: one person while it is allocated, else nobody.
    Column("worker", String(100), nullable=True),
    Column("worker_team", String(60), nullable=True),
    # Who proposed no further action last, with nothing since.
    Column("proposed_by", String(100), nullable=True),
    # What came of signposting, while it is signposted.
    Column("outcome", String(20), nullable=True),
    # Counts the rows of its history.
    Column("revision", Integer, nullable=False),
    # The one that the present status stands on.
    Column("status_revision", Integer, nullable=False, server_default="1"),
    CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
    CheckConstraint(
        "status IN ('received', 'in_triage', 'awaiting_information', 'escalated', 'accepted',"
        " 'allocated', 'signposted', 'no_further_action', 'duplicate', 'withdrawn')",
        name="known_status",
    ),
    CheckConstraint(
        "(status = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_of_another"
    ),
    CheckConstraint(
        "(waits_for IS NULL) = (due_on IS NULL) AND (paused_on IS NULL OR due_on IS NOT NULL)",
        name="due_for_something",
    ),
    CheckConstraint("(status = 'allocated') = (worker IS NOT NULL)", name="one_current_worker"),
    CheckConstraint("worker_team IS NULL OR worker IS NOT NULL", name="a_team_of_a_worker"),
    CheckConstraint("age_at_referral >= 0", name="an_age"),
    CheckConstraint(
        "proposed_by IS NULL OR status IN ('in_triage', 'accepted')", name="proposed_before_an_end"
    ),
    CheckConstraint("outcome IS NULL OR status = 'signposted'", name="outcome_of_signposting"),
    Index("referral_by_due_on", "due_on"),
    Index("referral_by_worker", "worker", "referral_id"),
    Index("referral_by_status", "status", "referral_id"),
    Index("referral_by_source", "source", "referral_id"),
    # Of the few duplicates: SQLite takes an index of mostly nothing for no help.
    Index(
        "referral_by_original",
        "duplicate_of",
        "referral_id",
        sqlite_where=_DUPLICATE,
        postgresql_where=_DUPLICATE,
    ),
    # A report reads the referrals of its period, and a list walks along it, however many years
    # there are.
    Index("referral_by_receipt", "received_on", "referral_id"),
)

reference_serial = Table(
    "reference_serial",
    metadata,
    # The last running number of a year's references.
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

referral_history = Table(
    "referral_history",
    metadata,
    Column("referral_id", Uuid, ForeignKey("referral.referral_id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    # The journal entry with which it became known.
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("command", String(30), nullable=False),
    Column("from_status", String(30), nullable=True),
    Column("to_status", String(30), nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=True),
    Column("reason", Text, nullable=True),
    Column("destination", String(10), nullable=True),
    Column("service_name", String(100), nullable=True),
    # The score that was looked at; null on a decision states that none was.
    Column("score_id", Uuid, nullable=True),
    # The rating in force at that moment, as it was; null when there was none.
    Column("rating", JSON(none_as_null=True), nullable=True),
    # The day in London on which it was decided; null in rows older than the column: that of `at`.
    Column("decided_on", Date, nullable=True),
    # Whom it was allocated to: a person's id, a team, or both.
    Column("worker", String(100), nullable=True),
    Column("team", String(60), nullable=True),
    Column("duplicate_of", Uuid, nullable=True),
    # By when something was due before this move.
    Column("due_on", Date, nullable=True),
    Column("outcome", String(20), nullable=True),
    # A named person moves it, and decides with a written reason.
    CheckConstraint("command = 'receive' OR person_id IS NOT NULL", name="a_person_moves_it"),
    CheckConstraint(
        "command IN ('receive', 'start_triage') OR (reason IS NOT NULL AND length(reason) >= 20)",
        name="a_decision_has_a_reason",
    ),
    CheckConstraint(
        "(command = 'receive') = (revision = 1) AND (revision = 1) = (from_status IS NULL)",
        name="received_first",
    ),
    CheckConstraint("(command = 'signpost') = (destination IS NOT NULL)", name="signposted_where"),
    CheckConstraint(
        "(command = 'allocate') = (worker IS NOT NULL OR team IS NOT NULL)", name="allocated_to"
    ),
    CheckConstraint(
        "(command = 'mark_duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_of_which"
    ),
    CheckConstraint("(command = 'record_outcome') = (outcome IS NOT NULL)", name="outcome_of_what"),
)
