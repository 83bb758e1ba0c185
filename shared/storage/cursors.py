"""How far this service has read another's feed, and reads that wait for it.

The cursor lies in the same transaction as what was done with the events, so an event is applied
once, whatever is killed when.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Connection, MetaData, String, Table, select

from shared.storage.upsert import upserting


@dataclass(frozen=True, slots=True)
class Cursor:
    """Epoch and position of the last event applied; the epoch is None before the first."""

    epoch: str | None
    position: int


def cursor_table(metadata: MetaData) -> Table:
    """Declare the table in a service's metadata."""
    return Table(
        "feed_cursor",
        metadata,
        Column("source", String(40), primary_key=True),
        Column("epoch", String(36), nullable=False),
        Column("position", BigInteger, nullable=False),
    )


_CURSORS = cursor_table(MetaData())
_NOT_YET = ""
"""The epoch of a source that was never read."""


def read_cursor(connection: Connection, source: str) -> Cursor:
    """Where reading of a source stands."""
    row = connection.execute(
        select(_CURSORS.c.epoch, _CURSORS.c.position).where(_CURSORS.c.source == source)
    ).one_or_none()
    return Cursor(None, 0) if row is None else Cursor(row.epoch or None, row.position)


def lock_cursor(connection: Connection, source: str) -> Cursor | None:
    """Where reading of a source stands; nobody else moves it until the end of the transaction.

    None while another replica is moving it: what that one read is being applied right now.
    """
    # The row is made first, so that two first readers don't both find none.
    connection.execute(
        upserting(connection, _CURSORS)
        .values(source=source, epoch=_NOT_YET, position=0)
        .on_conflict_do_nothing()
    )
    row = connection.execute(
        select(_CURSORS.c.epoch, _CURSORS.c.position)
        .where(_CURSORS.c.source == source)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else Cursor(row.epoch or None, row.position)


def move_cursor(connection: Connection, source: str, cursor: Cursor) -> None:
    """Remember how far a source has been read."""
    place = {"epoch": cursor.epoch, "position": cursor.position}
    connection.execute(
        upserting(connection, _CURSORS)
        .values(source=source, **place)
        .on_conflict_do_update(index_elements=["source"], set_=place)
    )
