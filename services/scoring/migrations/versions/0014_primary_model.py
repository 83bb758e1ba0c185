"""Which model is primary is decided by two people; a version comes into force again with its model.

Revision ID: 0014
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of, forbid_changes
from shared.storage.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SHIPPED = "seraf"
ACTIVATION = (
    "model",
    "version",
    "document_hash",
    "first_day",
    "began_at",
    "completed_at",
    "superseded_at",
    "population",
    "scored",
    "set_apart",
)


def upgrade() -> None:
    """A tracker that has scores keeps the model that they are of, which was a setting until now; a
    new one begins with the model that ships."""
    _decisions()
    _activations()
    _judgements()
    connection = op.get_bind()
    for table in ("primary_at_first", "primary_proposal", "primary_decision"):
        forbid_changes(connection, table)
    kept = ("number", "model", "version", "document_hash", "first_day", "began_at")
    forbid_change_of(connection, "activation", kept)


def _decisions() -> None:
    op.create_table(
        "primary_at_first",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(
        "INSERT INTO primary_at_first (id, model) SELECT 1,"  # noqa: S608  # our own names
        f" coalesce((SELECT model FROM score ORDER BY score_id DESC LIMIT 1), '{SHIPPED}')"
    )
    op.create_table(
        "primary_proposal",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id"),
        sa.UniqueConstraint("entry_id"),
        sa.UniqueConstraint("proposal_id", "person_id"),
    )
    op.create_table(
        "primary_decision",
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("author_person_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("affected", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("proposal_id"),
        sa.UniqueConstraint("entry_id"),
        sa.ForeignKeyConstraint(
            ["proposal_id", "author_person_id"],
            ["primary_proposal.proposal_id", "primary_proposal.person_id"],
            name="of_this_author",
        ),
        sa.CheckConstraint("decision IN ('confirmed', 'withdrawn')", name="known_decision"),
        sa.CheckConstraint(
            "decision <> 'confirmed' OR author_person_id <> person_id",
            name="confirmed_by_another_person",
        ),
    )


def _activations() -> None:
    op.create_table(
        "activation_new",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("superseded_at", UtcDateTime(), nullable=True),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("scored", sa.Integer(), nullable=True),
        sa.Column("set_apart", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.CheckConstraint("completed_at IS NULL OR superseded_at IS NULL", name="one_end"),
        sa.CheckConstraint(
            "completed_at IS NULL"
            " OR (population IS NOT NULL AND scored IS NOT NULL AND set_apart IS NOT NULL"
            " AND scored + set_apart = population)",
            name="completed_only_when_whole",
        ),
    )
    columns = ", ".join(ACTIVATION)
    op.execute(
        f"INSERT INTO activation_new (number, {columns})"  # noqa: S608  # our own names
        f" SELECT row_number() OVER (ORDER BY began_at, model, version), {columns} FROM activation"
    )
    op.drop_table("activation")
    op.rename_table("activation_new", "activation")
    op.create_index("activation_of_version", "activation", ["model", "version", "number"])


def _judgements() -> None:
    op.create_table(
        "judgement_standing_new",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("judgement_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.String(length=60), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("floor_band", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.judgement_id"]),
        sa.PrimaryKeyConstraint("child_id", "model"),
    )
    op.execute(
        "INSERT INTO judgement_standing_new"
        " (child_id, model, judgement_id, band, until_day, floor_band)"
        " SELECT s.child_id, j.model, s.judgement_id, s.band, s.until_day, s.floor_band"
        " FROM judgement_standing s JOIN judgement j ON j.judgement_id = s.judgement_id"
    )
    op.drop_table("judgement_standing")
    op.rename_table("judgement_standing_new", "judgement_standing")
    op.create_index("ix_judgement_standing_until_day", "judgement_standing", ["until_day"])
