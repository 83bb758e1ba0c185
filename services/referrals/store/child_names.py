"""How the names of children sound, beside their dates of birth: rows that a search looks up."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, delete, insert

from services.referrals.domain.child import Child
from services.referrals.domain.child_names import keys_of
from services.referrals.tables import child_name_key


def write_keys(connection: Connection, known: Child | None, record: Child) -> None:
    """From now on a record is found by its names and its date of birth, and by no others."""
    rows = list(_rows(record))
    if known is not None and list(_rows(known)) == rows:
        return
    connection.execute(delete(child_name_key).where(child_name_key.c.child_id == record.child_id))
    if rows:
        connection.execute(insert(child_name_key), rows)


def _rows(record: Child) -> Iterator[dict[str, Any]]:
    details = record.details
    others = (name for each in record.names for name in (each.given_name, each.family_name))
    for key in sorted(keys_of((details.given_name, details.family_name, *others))):
        yield {
            "key": key,
            "child_id": record.child_id,
            "date_of_birth": details.date_of_birth,
            "date_of_birth_estimated": details.date_of_birth_estimated,
        }
