"""The tables that referrals owns. Only `store` (and the migrations) touch them."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
)

from shared.storage.cursors import cursor_table
from shared.storage.database import UtcDateTime
from shared.storage.idempotency import idempotency_table
from shared.storage.journal import journal_tables

metadata = MetaData()

journal = journal_tables(metadata)
idempotency_key = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)

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
    CheckConstraint(
        "date_of_birth IS NOT NULL OR NOT date_of_birth_estimated", name="a_date_to_estimate"
    ),
    CheckConstraint("sex IN ('F', 'M', 'U')", name="known_sex"),
    CheckConstraint(
        "ethnicity IN ('WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH', 'MWBC', 'MWBA', 'MWAS', 'MOTH',"
        " 'AIND', 'APKN', 'ABAN', 'CHNE', 'AOTH', 'BCRB', 'BAFR', 'BOTH', 'OOTH', 'REFU', 'NOBT')",
        name="known_ethnicity",
    ),
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

referral = Table(
    "referral",
    metadata,
    Column("referral_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("type", String(4), nullable=False),
    Column("source", String(2), nullable=False),
    Column("source_ref", String(100), nullable=True),
    Column("received_on", Date, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("summary", Text, nullable=True),
    # As it was at the referral. Null: not stated in the source.
    Column("looked_after", Boolean, nullable=True),
    # What the sender said of the child that differs from what was known: {field: as sent}.
    Column("differing_details", JSON, nullable=False),
    Column("status", String(30), nullable=False),
    # Counts the rows of its history; the newest one led to the present status.
    Column("revision", Integer, nullable=False),
    CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
    CheckConstraint(
        "status IN ('received', 'in_triage', 'accepted', 'allocated', 'signposted',"
        " 'no_further_action', 'withdrawn')",
        name="known_status",
    ),
    Index("referral_by_status", "status", "referral_id"),
    # A report reads the referrals of its period, however many years there are.
    Index("referral_by_received_on", "received_on"),
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
)

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
