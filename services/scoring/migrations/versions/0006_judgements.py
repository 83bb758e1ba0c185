"""Judgements beside scores, and comments on indicators.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has judged yet: every score stands by itself."""
    op.create_table(
        "judgement",
        sa.Column("judgement_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("computed_band", sa.String(length=60), nullable=True),
        sa.Column("band", sa.String(length=60), nullable=False),
        sa.Column("reason_code", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("needs_second", sa.Boolean(), nullable=False),
        sa.CheckConstraint("until_day > on_day", name="ends_after_it_begins"),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["score_id"], ["score.score_id"]),
        sa.PrimaryKeyConstraint("judgement_id"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index("judgement_of_child", "judgement", ["child_id", "judgement_id"])
    op.create_table(
        "judgement_step",
        sa.Column("judgement_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(length=10), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("author_person_id", sa.String(length=100), nullable=False),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.CheckConstraint("step IN ('confirmed', 'withdrawn')", name="known_step"),
        sa.CheckConstraint(
            "step <> 'confirmed' OR author_person_id <> person_id",
            name="confirmed_by_another_person",
        ),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.judgement_id"]),
        sa.PrimaryKeyConstraint("judgement_id", "step"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_table(
        "judgement_standing",
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("judgement_id", sa.Uuid(), nullable=False),
        sa.Column("band", sa.String(length=60), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.child_id"]),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.judgement_id"]),
        sa.PrimaryKeyConstraint("child_id"),
    )
    op.create_index("ix_judgement_standing_until_day", "judgement_standing", ["until_day"])
    op.create_table(
        "judged_indicator",
        sa.Column("judgement_id", sa.Uuid(), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("otherwise", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["judgement_id"], ["judgement.judgement_id"]),
        sa.PrimaryKeyConstraint("judgement_id", "indicator"),
    )
    op.create_index(
        "judged_indicator_of_version", "judged_indicator", ["model", "version", "indicator"]
    )
    op.create_table(
        "indicator_comment",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("indicator", sa.String(length=60), nullable=False),
        sa.Column("score_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.String(length=100), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["score_id"], ["score.score_id"]),
        sa.PrimaryKeyConstraint("comment_id"),
        sa.UniqueConstraint("entry_id"),
    )
    op.create_index("indicator_comment_of_model", "indicator_comment", ["model", "comment_id"])
    for table in ("judgement", "judgement_step", "judged_indicator", "indicator_comment"):
        forbid_changes(op.get_bind(), table)
