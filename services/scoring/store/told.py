"""What the journal tells of rows, beside the rows: each once, in the order of the entries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, literal, select, union_all

from services.scoring.tables import (
    child_version,
    contest,
    counting,
    feed_turn,
    journal,
    judgement,
    judgement_step,
    model_step,
    model_version,
    observation,
    receipt,
    score,
    source,
)

Row = Mapping[str, Any]

AT_ONCE = 1000

SCORES = select(score.c.entry_id, score.c.score_id)
OBSERVATIONS = select(observation)
BIRTHS = select(child_version)
COUNTED = select(counting)
CONTESTS = select(
    union_all(
        *(
            select(
                entry.label("entry_id"),
                contest.c.source,
                contest.c.source_ref,
                contest.c.revision,
                literal(begins).label("contested"),
            ).where(entry.is_not(None))
            for entry, begins in ((contest.c.entry_id, True), (contest.c.ended_entry_id, False))
        )
    ).subquery("turned")
)
TURNS = select(feed_turn, source.c.agency).join(source, source.c.source == feed_turn.c.source)
RECEIPTS = select(receipt)
JUDGEMENTS = select(judgement)
JUDGEMENT_STEPS = select(judgement_step)
TAKEN_STEPS = select(model_step)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of the journal. Of an erased one the payload is empty."""

    position: int
    entry_id: UUID
    kind: str
    payload: Mapping[str, Any]


_Part = tuple[UUID, Told | list[Row]]


def rows_beside(
    connection: Connection, rows: Select[Any], kinds: Sequence[str]
) -> Iterator[tuple[UUID, Told | None, list[Row]]]:
    """Each entry of some kinds with the rows that became known with it; None where rows name an
    entry that isn't there, or of another kind. Two queries, read bit by bit."""
    entries: Iterator[_Part] = _entries(connection, kinds)
    found = merge(entries, _grouped(connection, rows), key=_by_entry)
    for entry_id, parts in groupby(found, key=_by_entry):
        told: Told | None = None
        beside: list[Row] = []
        for _, part in parts:
            if isinstance(part, Told):
                told = part
            else:
                beside = part
        yield entry_id, told, beside


def told_in_order(connection: Connection, kinds: Sequence[str]) -> list[Told]:
    """Every entry of some kinds that are few, in the order in which they were told."""
    return sorted(
        (part for _, part in _entries(connection, kinds) if isinstance(part, Told)),
        key=lambda told: told.position,
    )


def all_versions_stored(connection: Connection) -> list[Row]:
    """Every version of the weights, to the last column."""
    return [dict(row) for row in connection.execute(select(model_version)).mappings()]


def _by_entry(part: _Part) -> UUID:
    return part[0]


def _entries(connection: Connection, kinds: Sequence[str]) -> Iterator[_Part]:
    entries, payloads = journal.entries, journal.payloads
    found = connection.execute(
        select(entries.c.position, entries.c.entry_id, entries.c.kind, payloads.c.payload)
        .outerjoin(payloads, payloads.c.position == entries.c.position)
        .where(entries.c.kind.in_(kinds))
        .order_by(entries.c.entry_id)
        .execution_options(yield_per=AT_ONCE)
    )
    for position, entry_id, kind, payload in found:
        said = {} if payload is None else json.loads(payload)
        yield entry_id, Told(position, entry_id, kind, said)


def _grouped(connection: Connection, rows: Select[Any]) -> Iterator[_Part]:
    query = rows.order_by(rows.selected_columns.entry_id)
    found = connection.execute(query.execution_options(yield_per=AT_ONCE)).mappings()
    for entry_id, group in groupby(found, key=lambda row: row["entry_id"]):
        yield entry_id, [dict(row) for row in group]
