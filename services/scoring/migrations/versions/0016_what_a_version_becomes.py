"""What a version of the weights may become, held by the database too.

Revision ID: 0016
"""

from alembic import op

from shared.storage.append_only import forbid, forbid_change_once

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PROPOSED = ("author_person_id", "proposal_reason")
SIGNED = (
    "approver_person_id",
    "approval_reason",
    "approved_hash",
    "approved_assessment_id",
    "approved_engine_version",
    "imported_in_force_from",
)
ENDED = ("ended_by_person_id", "end_reason", "ended_affected")
# What one person brings back was approved by two, so it is there before and is no return itself.
RETURNS = """NEW.returns_to IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM model_version b WHERE b.model = NEW.model AND b.version = NEW.returns_to
    AND b.approved_at IS NOT NULL AND b.returns_to IS NULL)"""
BEGINS = "NEW.state <> 'validated' AND NOT (NEW.state = 'approved' AND NEW.returns_to IS NOT NULL)"
# Whoever approves names a whole assessment of this content, and by which engine it was made.
APPROVED = """OLD.approved_at IS NULL AND NEW.approved_at IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM assessment a WHERE a.assessment_id = NEW.approved_assessment_id
    AND a.document_hash = NEW.approved_hash AND a.engine_version = NEW.approved_engine_version
    AND a.status = 'completed')"""
MOVES = """NEW.state <> OLD.state AND NOT (
    (OLD.state = 'validated' AND NEW.state IN ('assessed', 'withdrawn'))
    OR (OLD.state = 'assessed' AND NEW.state IN ('approved', 'withdrawn'))
    OR (OLD.state = 'approved' AND NEW.state IN ('withdrawn', 'retired')))"""


def upgrade() -> None:
    """Of versions that were approved before there were assessments nothing more is asked: an
    approval is looked at when it is given."""
    connection, table = op.get_bind(), "model_version"
    forbid(connection, table, "returns_to_what_two_approved", "INSERT", RETURNS)
    forbid(connection, table, "begins_validated_or_as_a_return", "INSERT", BEGINS)
    forbid(connection, table, "is_approved_after_an_assessment", "UPDATE", APPROVED)
    forbid(connection, table, "goes_from_state_to_state", "UPDATE", MOVES)
    forbid_change_once(connection, table, "keeps_who_proposed", "proposed_at", PROPOSED)
    forbid_change_once(connection, table, "keeps_who_approved", "approved_at", SIGNED)
    forbid_change_once(connection, table, "keeps_how_it_ended", "ended_at", ENDED)
