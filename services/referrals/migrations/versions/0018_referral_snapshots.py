"""What was known at the referral, and proposals about referrals that were accepted.

Revision ID: referral_snapshots
"""

from collections import defaultdict
from datetime import date

import sqlalchemy as sa
from alembic import op

from shared.domain.ages import age_on

revision = "referral_snapshots"
down_revision = "merged_records_index"
branch_labels = None
depends_on = None

BEFORE = {
    "one_current_worker": "(status = 'allocated') = (worker IS NOT NULL)",
    "a_team_of_a_worker": "worker_team IS NULL OR worker IS NOT NULL",
    "proposed_in_triage": "proposed_by IS NULL OR status = 'in_triage'",
    "outcome_of_signposting": "outcome IS NULL OR status = 'signposted'",
}


def upgrade() -> None:
    """What was known then was not kept: a referral keeps what it has shown until now, by the date
    of birth and the times of being looked after as they are known today."""
    with op.batch_alter_table("referral", copy_from=_referral_before()) as table:
        table.add_column(sa.Column("age_at_referral", sa.SmallInteger(), nullable=True))
        table.add_column(sa.Column("looked_after_at_referral", sa.Boolean(), nullable=True))
        table.drop_constraint("proposed_in_triage", type_="check")
        table.create_check_constraint("an_age", "age_at_referral >= 0")
        table.create_check_constraint(
            "proposed_before_an_end", "proposed_by IS NULL OR status IN ('in_triage', 'accepted')"
        )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    record, survivor = _child().alias("record"), _child().alias("survivor")
    referral = sa.table(
        "referral",
        *(sa.column(name, sa.Uuid()) for name in ("referral_id", "child_id")),
        sa.column("received_on", sa.Date()),
        *(sa.column(name, sa.Boolean()) for name in ("looked_after", "looked_after_at_referral")),
        sa.column("age_at_referral"),
    )
    periods = _periods(connection)
    found = connection.execute(
        sa.select(
            referral.c.referral_id,
            referral.c.received_on,
            referral.c.looked_after,
            sa.func.coalesce(survivor.c.child_id, record.c.child_id).label("child_id"),
            sa.func.coalesce(survivor.c.date_of_birth, record.c.date_of_birth).label("born"),
        )
        .join(record, record.c.child_id == referral.c.child_id)
        .outerjoin(survivor, survivor.c.child_id == record.c.survivor_id)
    ).all()
    filled = [
        {
            "whose": referral_id,
            "age": None if born is None else age_on(day, born),
            "known": _looked_after(said, periods[child_id], day),
        }
        for referral_id, day, said, child_id, born in found
    ]
    fill = (
        sa.update(referral)
        .where(referral.c.referral_id == sa.bindparam("whose"))
        .values(
            age_at_referral=sa.bindparam("age"),
            looked_after_at_referral=sa.bindparam("known"),
        )
    )
    if filled:
        connection.execute(fill, filled)


def _child() -> sa.TableClause:
    return sa.table(
        "child",
        *(sa.column(name, sa.Uuid()) for name in ("child_id", "survivor_id")),
        sa.column("date_of_birth", sa.Date()),
    )


def _periods(connection: sa.Connection) -> dict[object, list[tuple[date, date | None]]]:
    """From when to when a child was looked after, by the child's present id."""
    period = sa.table(
        "looked_after_period",
        sa.column("child_id", sa.Uuid()),
        *(sa.column(name, sa.Date()) for name in ("began_on", "ended_on")),
    )
    child = _child()
    found: dict[object, list[tuple[date, date | None]]] = defaultdict(list)
    for child_id, began_on, ended_on in connection.execute(
        sa.select(
            sa.func.coalesce(child.c.survivor_id, child.c.child_id),
            period.c.began_on,
            period.c.ended_on,
        ).join(child, child.c.child_id == period.c.child_id)
    ):
        found[child_id].append((began_on, ended_on))
    return found


def _looked_after(
    said: bool | None, periods: list[tuple[date, date | None]], day: date
) -> bool | None:
    if any(began_on <= day <= (ended_on or date.max) for began_on, ended_on in periods):
        return True
    return False if said is None and periods else said


def _referral_before() -> sa.Table:
    """The table as it was: SQLite changes a constraint by making the table anew."""
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
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("over_18_reason", sa.Text(), nullable=True),
        sa.Column("waits_for", sa.String(length=10), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("status_revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("worker", sa.String(length=100), nullable=True),
        sa.Column("worker_team", sa.String(length=60), nullable=True),
        sa.Column("proposed_by", sa.String(length=100), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "status IN ('received', 'in_triage', 'awaiting_information', 'escalated', 'accepted',"
            " 'allocated', 'signposted', 'no_further_action', 'duplicate', 'withdrawn')",
            name="known_status",
        ),
        sa.CheckConstraint(
            "(status = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_of_another"
        ),
        sa.CheckConstraint("type IN ('cse', 'cce', 'both')", name="known_type"),
        sa.CheckConstraint(
            "(waits_for IS NULL) = (due_on IS NULL) AND (paused_on IS NULL OR due_on IS NOT NULL)",
            name="due_for_something",
        ),
        *(sa.CheckConstraint(condition, name=name) for name, condition in BEFORE.items()),
        sa.UniqueConstraint("reference", name="uq_referral_reference"),
        sa.Index("ix_referral_child_id", "child_id"),
        sa.Index("ix_referral_duplicate_of", "duplicate_of"),
        sa.Index("referral_by_due_on", "due_on"),
        sa.Index("referral_by_worker", "worker", "referral_id"),
        sa.Index("referral_by_status", "status", "referral_id"),
        sa.Index("referral_by_received_on", "received_on"),
    )
