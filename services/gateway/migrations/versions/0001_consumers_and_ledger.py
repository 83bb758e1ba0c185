"""Consumers and their secrets, the journal, the ledger."""

import sqlalchemy as sa
from alembic import op

from shared.storage.append_only import forbid_changes
from shared.storage.database import UtcDateTime
from shared.storage.journal import journal_tables, start_journal

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create everything."""
    connection = op.get_bind()
    journal = sa.MetaData()
    journal_tables(journal)
    journal.create_all(connection)
    start_journal(connection)
    op.create_table(
        "consumer",
        sa.Column("client_id", sa.String(100), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=True),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("purposes", sa.JSON, nullable=False),
        sa.Column("agency", sa.String(40), nullable=True),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.Column("teams", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("clearances", sa.JSON, nullable=False),
        sa.Column("suspended_at", UtcDateTime, nullable=True),
        sa.CheckConstraint("kind IN ('machine', 'person', 'service')", name="kind_known"),
        sa.CheckConstraint(
            "(kind = 'person') = (person_id IS NOT NULL)", name="a_person_is_somebody"
        ),
    )
    op.create_table(
        "consumer_secret",
        sa.Column(
            "client_id", sa.String(100), sa.ForeignKey("consumer.client_id"), primary_key=True
        ),
        sa.Column("slot", sa.SmallInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("set_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("slot IN (1, 2)", name="two_live_at_most"),
    )
    op.create_table(
        "ledger_head",
        sa.Column("instance", sa.String(100), primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False),
    )
    op.create_table(
        "ledger_entry",
        sa.Column(
            "instance", sa.String(100), sa.ForeignKey("ledger_head.instance"), primary_key=True
        ),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("recorded_at", UtcDateTime, nullable=False, index=True),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(100), nullable=False),
        sa.Column("person_id", sa.String(100), nullable=True),
        sa.Column("purpose", sa.String(40), nullable=True),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("route", sa.String(300), nullable=False),
        sa.Column("status", sa.SmallInteger, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
    )
    op.create_table(
        "ledger_child",
        sa.Column("instance", sa.String(100), primary_key=True),
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("child_id", sa.Uuid, primary_key=True),
        sa.ForeignKeyConstraint(
            ["instance", "position"], ["ledger_entry.instance", "ledger_entry.position"]
        ),
        sa.Index("looks_at_a_child", "child_id", "instance", "position"),
    )
    forbid_changes(connection, "ledger_entry")
    forbid_changes(connection, "ledger_child")
