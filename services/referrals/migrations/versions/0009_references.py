"""Reference numbers, and why somebody of 18 or over was referred.

Revision ID: references
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "references"
down_revision = "child_merges"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every referral that is there gets a reference, numbered in the order they were entered."""
    op.create_table(
        "reference_serial",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year"),
    )
    op.add_column("referral", sa.Column("reference", sa.String(length=20), nullable=True))
    _number_those_there(op.get_bind())
    with op.batch_alter_table("referral", copy_from=_referral_before()) as referral:
        referral.alter_column("reference", existing_type=sa.String(length=20), nullable=False)
        referral.create_unique_constraint("uq_referral_reference", ["reference"])
        referral.add_column(sa.Column("over_18_reason", sa.Text(), nullable=True))


def _number_those_there(connection: sa.Connection) -> None:
    referral = sa.table(
        "referral",
        sa.column("referral_id", sa.Uuid()),
        sa.column("received_on", sa.Date()),
        sa.column("reference", sa.String()),
    )
    found = sa.select(referral.c.referral_id, referral.c.received_on)
    last: dict[int, int] = {}
    numbered: list[tuple[UUID, str]] = []
    for referral_id, received_on in connection.execute(found.order_by(referral.c.referral_id)):
        year = received_on.year
        last[year] = last.get(year, 0) + 1
        digits = f"{last[year]:05d}"
        check = _check_digit(f"{year:04d}{digits}")
        numbered.append((referral_id, f"CE-{year:04d}-{digits}{check}"))
    if numbered:
        connection.execute(
            sa.update(referral)
            .where(referral.c.referral_id == sa.bindparam("which"))
            .values(reference=sa.bindparam("called")),
            [{"which": which, "called": called} for which, called in numbered],
        )
        serial = sa.table("reference_serial", sa.column("year"), sa.column("last"))
        connection.execute(
            sa.insert(serial), [{"year": year, "last": count} for year, count in last.items()]
        )


def _check_digit(digits: str) -> str:
    # ISO/IEC 7064, MOD 11,10, as it was when this was written.
    product = 10
    for digit in digits:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _referral_before() -> sa.Table:
    """The table as it was: SQLite changes a column by making the table anew."""
    return sa.Table(
        "referral",
        sa.MetaData(),
        sa.Column("referral_id", sa.Uuid(), primary_key=True),
        sa.Column("child_id", sa.Uuid(), sa.ForeignKey("child.child_id"), nullable=False),
        sa.Column("type", sa.String(length=4), nullable=False),
        sa.Column("source", sa.String(length=2), nullable=False),
        sa.Column("source_ref", sa.String(length=100), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("differing_details", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("looked_after", sa.Boolean(), nullable=True),
        sa.Column(
            "duplicate_of",
            sa.Uuid(),
            sa.ForeignKey("referral.referral_id", name="fk_referral_duplicate_of"),
            nullable=True,
        ),
        sa.Column("reference", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "status IN ('received', 'in_triage', 'awaiting_information', 'escalated', 'accepted',"
            " 'allocated', 'signposted', 'no_further_action', 'duplicate', 'withdrawn')",
            name="known_status",
        ),
        sa.CheckConstraint(
            "(status = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_of_another"
        ),
        sa.CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
        sa.Index("ix_referral_child_id", "child_id"),
        sa.Index("ix_referral_duplicate_of", "duplicate_of"),
        sa.Index("referral_by_status", "status", "referral_id"),
        sa.Index("referral_by_received_on", "received_on"),
    )
