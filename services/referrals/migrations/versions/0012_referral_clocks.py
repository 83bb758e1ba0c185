"""What a referral waits for, and until when.

Revision ID: referral_clocks
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

from shared.domain.london import london_date
from shared.domain.working_days import working_days_after
from shared.storage.database import UtcDateTime

revision = "referral_clocks"
down_revision = "child_name_keys"
branch_labels = None
depends_on = None

# A column that brings its constraint along: no row is written again. See revision 0002.
COLUMNS = (
    "referral ADD COLUMN waits_for VARCHAR(10)",
    "referral ADD COLUMN due_on DATE",
    "referral ADD COLUMN paused_on DATE\nCONSTRAINT due_for_something CHECK ("
    "(waits_for IS NULL) = (due_on IS NULL) AND (paused_on IS NULL OR due_on IS NOT NULL))",
    "referral_history ADD COLUMN due_on DATE",
)
# As the settings are unless a council sets its own.
DECISION_WORKING_DAYS, ALLOCATION_WORKING_DAYS = 1, 5


def upgrade() -> None:
    """What is open gets its clock from the day on which it began to wait. When earlier moves were
    due is not known, and stays null."""
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {column}")
    op.create_index("referral_by_due_on", "referral", ["due_on"], unique=False)
    connection = op.get_bind()
    referral = sa.table(
        "referral",
        *(sa.column(name, sa.Uuid()) for name in ("referral_id",)),
        *(sa.column(name, sa.Date()) for name in ("received_on", "due_on", "paused_on")),
        *(sa.column(name) for name in ("status", "revision", "waits_for")),
    )
    history = sa.table(
        "referral_history",
        sa.column("referral_id", sa.Uuid()),
        sa.column("at", UtcDateTime()),
        sa.column("decided_on", sa.Date()),
        *(sa.column(name) for name in ("revision", "command")),
    )
    last = sa.and_(
        history.c.referral_id == referral.c.referral_id,
        history.c.revision == referral.c.revision,
    )
    waiting = ("received", "in_triage", "awaiting_information", "escalated", "accepted")
    found = connection.execute(
        sa.select(
            referral.c.referral_id,
            referral.c.status,
            referral.c.received_on,
            history.c.command,
            history.c.at,
            history.c.decided_on,
        )
        .join(history, last)
        .where(referral.c.status.in_(waiting))
    ).all()
    for referral_id, status, received_on, command, at, decided_on in found:
        moved_on = decided_on or london_date(at)
        waits_for, due_on = _due(status, command, received_on, moved_on)
        connection.execute(
            sa.update(referral)
            .where(referral.c.referral_id == referral_id)
            .values(
                waits_for=waits_for,
                due_on=due_on,
                paused_on=moved_on if status == "awaiting_information" else None,
            )
        )


def _due(status: str, command: str, received_on: date, moved_on: date) -> tuple[str, date]:
    if status == "accepted":
        return "allocation", working_days_after(moved_on, ALLOCATION_WORKING_DAYS)
    start = moved_on if command == "reopen" else received_on
    return "decision", working_days_after(start, DECISION_WORKING_DAYS)
