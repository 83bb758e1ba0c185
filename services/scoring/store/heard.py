"""What consumers may hear of out of the journal of scoring."""

from collections.abc import Sequence

from sqlalchemy import Connection

from services.scoring.tables import child, journal
from shared.domain.access import Sight
from shared.storage.heard import Found, Wanted, entries_heard


def heard(connection: Connection, sight: Sight, wanted: Wanted) -> Sequence[Found]:
    """Entries as far as the caller may see the child."""
    return entries_heard(connection, journal, child, sight, wanted)
