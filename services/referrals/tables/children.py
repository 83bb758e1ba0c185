"""Children and their numbers in other systems."""

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
    false,
    text,
)

from services.referrals.tables.base import metadata
from shared.storage.database import UtcDateTime

_MERGED = text("survivor_id IS NOT NULL")

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
    # Who stated it, and when.
    Column("ethnicity_source", String(20), nullable=True),
    Column("ethnicity_stated_on", Date, nullable=True),
    # DfE codes, sorted. Null: not stated.
    Column("disabilities", JSON(none_as_null=True), nullable=True),
    # The newest row of its history; rises with what is said of records merged into it too.
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("team", String(60), nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("staff_relative", Boolean, nullable=False),
    # What was said of this record by itself: after a merge the three above hold for every record
    # of the child, and are the strictest of all of them.
    Column("own_team", String(60), nullable=True),
    Column("own_restricted", Boolean, nullable=False, server_default=false()),
    Column("own_staff_relative", Boolean, nullable=False, server_default=false()),
    # Where a person merged this record, and the record that stands for the child in the end.
    Column("merged_into", Uuid, ForeignKey("child.child_id"), nullable=True),
    Column("survivor_id", Uuid, ForeignKey("child.child_id"), nullable=True),
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
    # From a merge until scoring tells a rating of the whole: the record whose rating stands for
    # the child, and where the child stood alone.
    Column("rating_of", Uuid, nullable=True),
    Column("standing_alone", JSON(none_as_null=True), nullable=True),
    CheckConstraint(
        "date_of_birth IS NOT NULL OR NOT date_of_birth_estimated", name="a_date_to_estimate"
    ),
    CheckConstraint("sex IN ('F', 'M', 'U')", name="known_sex"),
    CheckConstraint(
        "ethnicity IN ('WBRI', 'WIRI', 'WIRT', 'WROM', 'WOTH', 'MWBC', 'MWBA', 'MWAS', 'MOTH',"
        " 'AIND', 'APKN', 'ABAN', 'CHNE', 'AOTH', 'BCRB', 'BAFR', 'BOTH', 'OOTH', 'REFU', 'NOBT')",
        name="known_ethnicity",
    ),
    CheckConstraint(
        "(merged_into IS NULL) = (survivor_id IS NULL)"
        " AND (survivor_id IS NULL OR (survivor_id <> child_id AND merged_into <> child_id))",
        name="merged_into_another",
    ),
    CheckConstraint(
        "ethnicity_source IN ('child', 'parent_or_carer', 'school', 'health', 'police',"
        " 'social_care', 'other')",
        name="known_ethnicity_source",
    ),
    Index("child_by_risk", "risk_place", "child_id"),
    Index("child_by_band", "risk_band", "risk_place", "child_id"),
    Index("child_by_team", "team", "risk_place", "child_id"),
    Index("child_by_review_due_on", "review_due_on"),
    Index("child_by_reviewed_on", "reviewed_on", "child_id"),
    Index("child_by_rating_changed_at", "rating_changed_at", "child_id"),
    # Of the few records that were merged: SQLite takes an index of mostly nothing for no help.
    Index("child_by_survivor", "survivor_id", sqlite_where=_MERGED, postgresql_where=_MERGED),
)

child_name = Table(
    "child_name",
    metadata,
    # Beside the present name, which stands with the child.
    Column("name_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("given_name", String(100), nullable=True),
    Column("family_name", String(100), nullable=True),
    Column("valid_from", Date, nullable=True),
    Column("valid_until", Date, nullable=True),
    CheckConstraint("kind IN ('also_known_as', 'birth', 'adopted')", name="known_name_kind"),
    CheckConstraint("given_name IS NOT NULL OR family_name IS NOT NULL", name="a_name"),
    CheckConstraint("valid_until >= valid_from", name="a_name_ends_after_it_begins"),
)

looked_after_period = Table(
    "looked_after_period",
    metadata,
    Column("period_id", Uuid, primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("legal_status", String(2), nullable=False),
    Column("began_on", Date, nullable=False),
    Column("ended_on", Date, nullable=True),
    CheckConstraint(
        "legal_status IN ('C1', 'C2', 'D1', 'E1', 'V2', 'V3', 'V4', 'L1', 'L2', 'L3', 'J1', 'J2',"
        " 'J3')",
        name="known_legal_status",
    ),
    CheckConstraint("ended_on >= began_on", name="a_period_ends_after_it_begins"),
)

child_history = Table(
    "child_history",
    metadata,
    # Everything that changed about a child: who, when, from, to. Never changed itself.
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    # The record that it was said of; a merged one, or the child's own.
    Column("record_id", Uuid, ForeignKey("child.child_id"), nullable=False),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=True),
    Column("reason", Text, nullable=True),
    Column("changes", JSON, nullable=False),
    Index("child_history_by_record", "record_id", "entry_id"),
)

child_seen_until = Table(
    "child_seen_until",
    metadata,
    # Who could see a record until an entry of the journal told of the child anew. Never changed.
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("entry_id", Uuid, primary_key=True, unique=True),
    Column("team", String(60), nullable=True),
    Column("restricted", Boolean, nullable=False),
    Column("staff_relative", Boolean, nullable=False),
)

child_name_key = Table(
    "child_name_key",
    metadata,
    # How the names of a record sound (`domain/child_names.py`): what a search looks up.
    Column("key", String(8), primary_key=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True, index=True),
    # As the record says: who shares one word is looked up by the day of birth at once.
    Column("date_of_birth", Date, nullable=True),
    Column("date_of_birth_estimated", Boolean, nullable=False, server_default=false()),
    Index("child_name_key_by_birth", "key", "date_of_birth", "date_of_birth_estimated", "child_id"),
)

child_merge = Table(
    "child_merge",
    metadata,
    # A named person said that two records are one child, or that they are not. Never changed.
    Column("merge_id", Uuid, primary_key=True),
    Column("command", String(10), nullable=False),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("survivor_id", Uuid, ForeignKey("child.child_id"), nullable=False, index=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("client_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=False),
    CheckConstraint("command IN ('merge', 'unmerge')", name="known_merge_command"),
    CheckConstraint("length(reason) >= 20", name="merged_with_a_reason"),
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
    # From when to when it counted, if that is known. One that ended still finds the child.
    Column("valid_from", Date, nullable=True),
    Column("valid_until", Date, nullable=True),
    CheckConstraint(
        "type IN ('nhs_number', 'upn', 'police_urn', 'council_id')", name="known_identifier_type"
    ),
)
