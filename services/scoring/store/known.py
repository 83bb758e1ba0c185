"""Known time: what was known at a moment is what stands in the journal up to a position."""

from datetime import datetime

from sqlalchemy import Connection, select

from services.scoring.tables import journal


def position_at(connection: Connection, known_at: datetime) -> int:
    """The journal's position at an instant; 0 before the first entry."""
    entries = journal.entries
    return (
        connection.scalar(
            select(entries.c.position)
            .where(entries.c.recorded_at <= known_at)
            .order_by(entries.c.recorded_at.desc(), entries.c.position.desc())
            .limit(1)
        )
        or 0
    )
