"""Walking a journal's chain: is every entry there, unchanged, in its place?"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from shared.domain.canonical import digest
from shared.domain.checkpoints import ChainHead
from shared.storage.journal import GENESIS, JournalTables, chain_hash

JOURNAL = "journal"
"""The name of a journal's chain in checkpoints."""


def faults(connection: Connection, tables: JournalTables) -> Iterator[str]:
    """Walk the whole chain; yield a sentence for each break in it. Nothing yielded: it is whole."""
    previous, position = GENESIS, 0
    rows = connection.execute(
        select(tables.entries, tables.payloads.c.salt, tables.payloads.c.payload)
        .outerjoin(tables.payloads, tables.payloads.c.position == tables.entries.c.position)
        .order_by(tables.entries.c.position)
        .execution_options(yield_per=1000)
    )
    for row in rows.mappings():
        position += 1
        if row["position"] != position:
            yield f"position {position} is missing"
            position = row["position"]
        if row["previous_hash"] != previous:
            yield f"position {position} does not follow from the entry before it"
        if row["hash"] != chain_hash(row):
            yield f"position {position} was changed after it was written"
        if row["payload"] is None:
            yield f"the payload of position {position} is missing"
        elif not _payload_agrees(row):
            yield f"the payload of position {position} was changed after it was written"
        previous = row["hash"]
    head = connection.execute(select(tables.head.c.position, tables.head.c.hash)).one()
    if (head.position, head.hash) != (position, previous):
        yield f"the chain ends at position {position}, its head says {head.position}"


def hash_at(connection: Connection, tables: JournalTables, position: int) -> str | None:
    """The hash of the entry at a position; None where there is none."""
    return connection.scalar(
        select(tables.entries.c.hash).where(tables.entries.c.position == position)
    )


def chain_head(connection: Connection, tables: JournalTables) -> ChainHead:
    """Where the chain stands."""
    row = connection.execute(
        select(tables.head.c.epoch, tables.head.c.position, tables.head.c.hash)
    ).one()
    return ChainHead(JOURNAL, row.epoch, row.position, row.hash)


def _payload_agrees(row: Any) -> bool:  # noqa: ANN401  # a mapping: one row read back
    return bool(row["digest"] == digest(bytes.fromhex(row["salt"]) + row["payload"].encode()))
