"""The versions of the weights, the drafts they come from, and every step of their lives."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from services.scoring.tables.base import metadata
from shared.storage.database import UtcDateTime

# Beyond these constraints, triggers (revision 0016) refuse other steps than the commands take, an
# approval without a whole assessment, a return to what two people never approved, and any change of
# who proposed, approved or ended a version.
model_version = Table(
    "model_version",
    metadata,
    Column("model", String(60), primary_key=True),
    Column("version", String(20), primary_key=True),
    Column("text", Text, nullable=False),
    Column("document_hash", String(64), nullable=False),
    Column("rules_hash", String(64), nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("state", String(12), nullable=False),
    Column("imported_in_force_from", Date, nullable=True),
    Column("author_person_id", String(100), nullable=True),
    Column("proposed_at", UtcDateTime, nullable=True),
    Column("proposal_reason", Text, nullable=True),
    Column("approver_person_id", String(100), nullable=True),
    Column("approved_at", UtcDateTime, nullable=True),
    Column("approval_reason", Text, nullable=True),
    Column("approved_hash", String(64), nullable=True),
    # What the approver had read: who would move, and by which engine it was worked out.
    Column("approved_assessment_id", Uuid, nullable=True),
    Column("approved_engine_version", String(20), nullable=True),
    # In an emergency one person brought back the rules of this version.
    Column("returns_to", String(20), nullable=True),
    # Withdrawn before it came into force, or retired after that.
    Column("ended_at", UtcDateTime, nullable=True),
    Column("ended_by_person_id", String(100), nullable=True),
    Column("end_reason", Text, nullable=True),
    Column("ended_affected", Integer, nullable=True),
    UniqueConstraint("model", "document_hash"),
    UniqueConstraint("model", "version", "rules_hash"),
    # What is brought back has the same rules, to the letter.
    ForeignKeyConstraint(
        ["model", "returns_to", "rules_hash"],
        ["model_version.model", "model_version.version", "model_version.rules_hash"],
        name="the_same_rules",
    ),
    # The assessment was of exactly this content.
    ForeignKeyConstraint(
        ["approved_assessment_id", "approved_hash"],
        ["assessment.assessment_id", "assessment.document_hash"],
        name="an_assessment_of_this_content",
    ),
    CheckConstraint(
        "state IN ('validated', 'assessed', 'approved', 'withdrawn', 'retired')",
        name="known_state",
    ),
    CheckConstraint(
        "(approved_assessment_id IS NULL) = (approved_engine_version IS NULL)",
        name="assessed_by_which_engine",
    ),
    # No weight counts without two people, bound to the exact content; in an emergency one person
    # may go back to rules that two approved.
    CheckConstraint(
        "state NOT IN ('approved', 'retired')"
        " OR (author_person_id IS NOT NULL AND approver_person_id IS NOT NULL"
        " AND (author_person_id <> approver_person_id OR returns_to IS NOT NULL)"
        " AND approved_at IS NOT NULL"
        " AND approved_hash IS NOT NULL AND approved_hash = document_hash)",
        name="two_people_one_content",
    ),
    CheckConstraint(
        "(state IN ('withdrawn', 'retired')) = (ended_at IS NOT NULL)"
        " AND (ended_at IS NULL) = (ended_by_person_id IS NULL)"
        " AND (ended_at IS NULL) = (end_reason IS NULL)"
        " AND (ended_at IS NULL) = (ended_affected IS NULL)",
        name="ended_by_whom_and_why",
    ),
)

# What an author is writing. It counts for nothing until it is submitted, and then it is gone.
model_draft = Table(
    "model_draft",
    metadata,
    Column("model", String(60), primary_key=True),
    Column("version", String(20), primary_key=True),
    Column("text", Text, nullable=False),
    Column("author_person_id", String(100), nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
)

# Every step in the life of a version: who, when, why, which content. Append-only.
model_step = Table(
    "model_step",
    metadata,
    Column("entry_id", Uuid, primary_key=True),
    Column("model", String(60), nullable=False),
    Column("version", String(20), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("command", String(20), nullable=False),
    Column("from_state", String(12), nullable=True),
    Column("to_state", String(12), nullable=False),
    # None: Amber itself, for the files that ship with it.
    Column("person_id", String(100), nullable=True),
    Column("reason", Text, nullable=True),
    Column("document_hash", String(64), nullable=False),
    Column("affected", Integer, nullable=True),
    Index("model_step_of_version", "model", "version", "entry_id"),
)
