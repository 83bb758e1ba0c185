"""Feeds that fall silent, and the numbers that were received of them.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FRESH_OR_SILENT = "state IN ('fresh', 'silent')"


def upgrade() -> None:
    """A source that was heard before was last heard with its last receipt; whether that is long
    ago is decided by the running service."""
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("state", sa.String(length=6), nullable=True))
        source.add_column(sa.Column("last_heard_at", UtcDateTime(), nullable=True))
        source.add_column(sa.Column("heartbeat_at", UtcDateTime(), nullable=True))
        source.add_column(sa.Column("announced_sequence", sa.Integer(), nullable=True))
        source.add_column(sa.Column("last_observed_on", sa.Date(), nullable=True))
        source.create_check_constraint("known_state", FRESH_OR_SILENT)
    op.create_table(
        "feed_turn",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.CheckConstraint(FRESH_OR_SILENT, name="known_turn"),
        sa.ForeignKeyConstraint(["source"], ["source.source"]),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index("feed_turn_of_source", "feed_turn", ["source"])
    op.create_table(
        "sequence_range",
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= first", name="range_in_order"),
        sa.ForeignKeyConstraint(["source"], ["source.source"]),
        sa.PrimaryKeyConstraint("source", "first"),
    )
    op.add_column(
        "standing",
        sa.Column("feeds_position", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.create_index("ix_standing_feeds_position", "standing", ["feeds_position"])
    op.execute(
        "UPDATE source SET"
        " last_heard_at = (SELECT max(r.received_at) FROM receipt r"
        " JOIN observation o ON o.receipt_id = r.receipt_id WHERE o.source = source.source),"
        " last_observed_on = (SELECT max(o.observed_on) FROM observation o"
        " WHERE o.source = source.source)"
    )
    _carry_over_sequences()
    forbid_changes(op.get_bind(), "feed_turn")


def _carry_over_sequences() -> None:
    """Consecutive numbers share the difference between the number and its rank: an island."""
    op.execute(
        "INSERT INTO sequence_range (source, first, last)"
        " SELECT source, min(sequence), max(sequence) FROM"
        " (SELECT source, sequence,"
        " sequence - row_number() OVER (PARTITION BY source ORDER BY sequence) AS island"
        " FROM (SELECT DISTINCT source, sequence FROM observation WHERE sequence IS NOT NULL) n"
        ") i GROUP BY source, island"
    )
