"""What professionals judge, beside the scores; and what they say of an indicator. Append-only."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

judgement = Table(
    "judgement",
    metadata,
    Column("judgement_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("child_id", Uuid, ForeignKey("child.child_id"), nullable=False),
    # The score that was looked at, and its band then.
    Column("score_id", Uuid, ForeignKey("score.score_id"), nullable=False),
    Column("model", String(60), nullable=False),
    Column("computed_band", String(60), nullable=True),
    Column("band", String(60), nullable=False),
    Column("reason_code", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("person_id", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("on_day", Date, nullable=False),
    # The first day on which it no longer stands.
    Column("until_day", Date, nullable=False),
    Column("needs_second", Boolean, nullable=False),
    # The highest band of a floor that had fired; none where none had.
    Column("floor_band", String(60), nullable=True),
    CheckConstraint("until_day > on_day", name="ends_after_it_begins"),
    Index("judgement_of_child", "child_id", "judgement_id"),
)

judgement_step = Table(
    "judgement_step",
    metadata,
    Column("judgement_id", Uuid, ForeignKey("judgement.judgement_id"), primary_key=True),
    Column("step", String(10), primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    # Copied, so that the database itself refuses an author who is the second person.
    Column("author_person_id", String(100), nullable=False),
    Column("person_id", String(100), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("on_day", Date, nullable=False),
    CheckConstraint("step IN ('confirmed', 'withdrawn')", name="known_step"),
    CheckConstraint(
        "step <> 'confirmed' OR author_person_id <> person_id", name="confirmed_by_another_person"
    ),
)

# The judgement in force for a child beside a model's scores, and the day on which it is over: found
# by that day.
judgement_standing = Table(
    "judgement_standing",
    metadata,
    Column("child_id", Uuid, ForeignKey("child.child_id"), primary_key=True),
    Column("model", String(60), primary_key=True),
    Column("judgement_id", Uuid, ForeignKey("judgement.judgement_id"), nullable=False),
    Column("band", String(60), nullable=False),
    Column("until_day", Date, nullable=False, index=True),
)

# Which indicators gave points to the score that was judged: how often each is judged otherwise.
judged_indicator = Table(
    "judged_indicator",
    metadata,
    Column("judgement_id", Uuid, ForeignKey("judgement.judgement_id"), primary_key=True),
    Column("indicator", String(60), primary_key=True),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("otherwise", Boolean, nullable=False),
    Index("judged_indicator_of_version", "model", "version", "indicator"),
)

indicator_comment = Table(
    "indicator_comment",
    metadata,
    Column("comment_id", Uuid, primary_key=True),
    Column("entry_id", Uuid, nullable=False, unique=True),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("indicator", String(60), nullable=False),
    # The score in whose light it is said, if any: shown to nobody who only reads about weights.
    Column("score_id", Uuid, ForeignKey("score.score_id"), nullable=True),
    Column("person_id", String(100), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("comment", Text, nullable=False),
    Index("indicator_comment_of_model", "model", "comment_id"),
)
