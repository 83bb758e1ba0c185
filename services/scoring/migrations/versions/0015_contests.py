"""Statements under several numbers, which may come to lead to different children.

Revision ID: 0015
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_change_of

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENT = (("source", sa.String(60)), ("source_ref", sa.String(100)), ("revision", sa.Integer()))


def upgrade() -> None:
    """Of what was recorded before, the numbers weren't kept: it stays with its child."""
    op.create_table(
        "named_identifier",
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        *_statement(),
        sa.PrimaryKeyConstraint("type", "value", "source", "source_ref", "revision"),
    )
    op.create_index(
        "named_identifier_of_statement", "named_identifier", ["source", "source_ref", "revision"]
    )
    op.create_table(
        "contest",
        *_statement(),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("ended_entry_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("source", "source_ref", "revision", "entry_id"),
    )
    kept = ("source", "source_ref", "revision", "entry_id")
    forbid_change_of(op.get_bind(), "contest", kept)


def _statement() -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=False) for name, kind in STATEMENT]
