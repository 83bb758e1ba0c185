"""Flipping the bits of what is stored, to see whether a walk over it tells."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, text


def flipped_unseen(
    connection: Connection,
    walk: Callable[[], list[str]],
    table: str,
    where: str,
    columns: Sequence[str],
) -> list[tuple[str, str]]:
    """What of a row can have a bit of a byte flipped (the lowest, or what makes a letter a capital)
    and no walk tells."""
    row = connection.execute(text(f"SELECT * FROM {table} WHERE {where}")).mappings().one()  # noqa: S608  # our own words
    flipped = [
        (name, row[name][:place] + chr(ord(byte) ^ bit) + row[name][place + 1 :])
        for name in columns
        for place, byte in enumerate(row[name])
        for bit in (0x01, 0x20)
    ]
    assert flipped
    unseen = []
    for name, changed in flipped:
        savepoint = connection.begin_nested()
        change = text(f"UPDATE {table} SET {name} = :changed WHERE {where}")  # noqa: S608  # our own words
        connection.execute(change, {"changed": changed})
        if not walk():
            unseen.append((name, changed))
        savepoint.rollback()
    return unseen
