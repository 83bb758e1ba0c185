"""The life of versions: drafts, steps with who and why, withdrawal, retirement, emergency return.

Revision ID: 0008
"""

import json

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of, forbid_changes
from shared.storage.database import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

CONTENT = ("model", "version", "text", "document_hash", "rules_hash", "effective_from")
KEPT = (
    *CONTENT,
    "state",
    "imported_in_force_from",
    "author_person_id",
    "proposed_at",
    "proposal_reason",
    "approver_person_id",
    "approved_at",
    "approval_reason",
    "approved_hash",
)
STEPS = {
    "model.validated": ("submit", "draft", "validated"),
    "model.proposed": ("propose", "validated", "validated"),
    "model.approved": ("approve", "validated", "approved"),
}


def upgrade() -> None:
    """Make the versions anew with what can become of them; what happened so far, as steps."""
    _versions()
    op.create_table(
        "model_draft",
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_person_id", sa.String(length=100), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("model", "version"),
    )
    step = op.create_table(
        "model_step",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("command", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=True),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index("model_step_of_version", "model_step", ["model", "version", "entry_id"])
    _past_steps(step)
    forbid_changes(op.get_bind(), "model_step")


def _versions() -> None:
    op.create_table(
        "model_version_new",
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("imported_in_force_from", sa.Date(), nullable=True),
        sa.Column("author_person_id", sa.String(length=100), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=True),
        sa.Column("proposal_reason", sa.Text(), nullable=True),
        sa.Column("approver_person_id", sa.String(length=100), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approval_reason", sa.Text(), nullable=True),
        sa.Column("approved_hash", sa.String(length=64), nullable=True),
        sa.Column("returns_to", sa.String(length=20), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended_by_person_id", sa.String(length=100), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.Column("ended_affected", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("model", "version"),
        sa.UniqueConstraint("model", "document_hash"),
        sa.UniqueConstraint("model", "version", "rules_hash"),
        sa.ForeignKeyConstraint(
            ["model", "returns_to", "rules_hash"],
            [
                "model_version_new.model",
                "model_version_new.version",
                "model_version_new.rules_hash",
            ],
            name="the_same_rules",
        ),
        sa.CheckConstraint(
            "state IN ('validated', 'approved', 'withdrawn', 'retired')", name="known_state"
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'retired')"
            " OR (author_person_id IS NOT NULL AND approver_person_id IS NOT NULL"
            " AND (author_person_id <> approver_person_id OR returns_to IS NOT NULL)"
            " AND approved_at IS NOT NULL"
            " AND approved_hash IS NOT NULL AND approved_hash = document_hash)",
            name="two_people_one_content",
        ),
        sa.CheckConstraint(
            "(state IN ('withdrawn', 'retired')) = (ended_at IS NOT NULL)"
            " AND (ended_at IS NULL) = (ended_by_person_id IS NULL)"
            " AND (ended_at IS NULL) = (end_reason IS NULL)"
            " AND (ended_at IS NULL) = (ended_affected IS NULL)",
            name="ended_by_whom_and_why",
        ),
    )
    columns = ", ".join(KEPT)
    op.execute(
        f"INSERT INTO model_version_new ({columns}) SELECT {columns} FROM model_version"  # noqa: S608  # our own names
    )
    op.drop_table("model_version")
    op.rename_table("model_version_new", "model_version")
    forbid_change_of(op.get_bind(), "model_version", (*CONTENT, "returns_to"))


def _past_steps(step: sa.Table) -> None:
    """The journal holds them; versions are few, and so are their entries."""
    entry = sa.table(
        "journal",
        sa.column("position", sa.BigInteger()),
        sa.column("entry_id", sa.Uuid()),
        sa.column("kind", sa.String()),
        sa.column("recorded_at", UtcDateTime()),
    )
    payload = sa.table(
        "journal_payload", sa.column("position", sa.BigInteger()), sa.column("payload", sa.Text())
    )
    connection = op.get_bind()
    found = connection.execute(
        sa.select(entry.c.entry_id, entry.c.kind, entry.c.recorded_at, payload.c.payload)
        .join(payload, payload.c.position == entry.c.position)
        .where(entry.c.kind.in_(STEPS))
        .order_by(entry.c.position)
    ).all()
    steps = []
    for entry_id, kind, at, text in found:
        said = json.loads(text)
        command, from_state, to_state = STEPS[kind]
        steps.append(
            {
                "entry_id": entry_id,
                "model": said["model"],
                "version": said["version"],
                "at": at,
                "command": command,
                "from_state": None if command == "submit" else from_state,
                "to_state": to_state,
                "person_id": said.get("approver_person_id") or said.get("person_id"),
                "reason": said.get("reason"),
                "document_hash": said["document_hash"],
                "affected": None,
            }
        )
    if steps:
        connection.execute(step.insert(), steps)
