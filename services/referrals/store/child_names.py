"""How the names of children sound: rows that a search looks up."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, delete, insert

from services.referrals.tables import child_name_key


def write_keys(connection: Connection, child_id: UUID, keys: Collection[str]) -> None:
    """From now on a record is found by these keys and by no others."""
    connection.execute(delete(child_name_key).where(child_name_key.c.child_id == child_id))
    if keys:
        rows = [{"key": key, "child_id": child_id} for key in sorted(keys)]
        connection.execute(insert(child_name_key), rows)
