"""Who could see a record until then. The database refuses to change it."""

from uuid import UUID

from sqlalchemy import Connection, insert

from services.referrals.tables import child_seen_until
from shared.domain.access import AccessFacts


def add(connection: Connection, child_id: UUID, access: AccessFacts, entry_id: UUID) -> None:
    """Store the access facts that held until an entry of the journal."""
    connection.execute(
        insert(child_seen_until).values(
            child_id=child_id,
            entry_id=entry_id,
            team=access.team,
            restricted=access.restricted,
            staff_relative=access.staff_relative,
        )
    )
