"""Running numbers of references, a row a year."""

from sqlalchemy import Connection

from services.referrals.tables import reference_serial
from shared.storage.upsert import upserting


def next_serial(connection: Connection, year: int) -> int:
    """The next number of a year. Others who ask wait until this transaction ends: a number that
    was given is given once, and none is left out."""
    c = reference_serial.c
    given = connection.execute(
        upserting(connection, reference_serial)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": c.last + 1})
        .returning(c.last)
    )
    return int(given.scalar_one())
