"""What the journal tells of rows, beside the rows: each once, in the order of the entries."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    literal,
    null,
    select,
    union_all,
)

from services.scoring.tables import (
    child_version,
    contest,
    counting,
    feed_turn,
    held_identifier,
    held_update,
    indicator_comment,
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


def _turned(entry: ColumnElement[UUID], *, contested: bool) -> Select[Any]:
    """Statements whose numbers came to lead to others, or no longer did, with an entry."""
    key = contest.c.source, contest.c.source_ref, contest.c.revision
    turned = literal(contested).label("contested")
    return select(entry.label("entry_id"), *key, turned).where(entry.is_not(None))


def _held(said: Table, content: ColumnElement[Any]) -> Select[Any]:
    """What came with a receipt, under the receipt's entry."""
    key = said.c.source, said.c.source_ref, said.c.revision
    return select(
        receipt.c.entry_id, *key, said.c.agency, said.c.content_digest, content.label("content")
    ).join(receipt, receipt.c.receipt_id == said.c.receipt_id)


SCORES = select(score.c.entry_id, score.c.score_id)
OBSERVATIONS = select(observation)
BIRTHS = select(child_version)
COUNTED = select(counting)
CONTESTS = select(
    union_all(
        _turned(contest.c.entry_id, contested=True),
        _turned(contest.c.ended_entry_id, contested=False),
    ).subquery("turned")
)
TURNS = select(feed_turn, source.c.agency).join(source, source.c.source == feed_turn.c.source)
RECEIPTS = select(receipt)
HELD = select(
    union_all(
        _held(held_update, held_update.c.content),
        # What has found its child since.
        _held(observation, null()).where(observation.c.entry_id != receipt.c.entry_id),
    ).subquery("held")
)
DISCARDS = select(
    held_update.c.discarded_entry_id.label("entry_id"),
    held_update.c.source,
    held_update.c.source_ref,
    held_update.c.revision,
    held_update.c.discarded_by,
    held_update.c.discard_reason,
).where(held_update.c.discarded_entry_id.is_not(None))
JUDGEMENTS = select(judgement)
JUDGEMENT_STEPS = select(judgement_step)
TAKEN_STEPS = select(model_step)
COMMENTS = select(indicator_comment)


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


def awaited(connection: Connection) -> Iterator[tuple[Row, set[tuple[str, str]]]]:
    """Every update that waits, or was discarded, with the numbers under which it is found. Read bit
    by bit."""
    key = held_update.c.source, held_update.c.source_ref, held_update.c.revision
    number = held_identifier.c
    said = held_update.c.receipt_id, held_update.c.content, held_update.c.discarded_entry_id
    same = and_(*(one == number[one.name] for one in key))
    rows = connection.execute(
        select(*key, *said, number.type, number.value)
        .outerjoin(held_identifier, same)
        .order_by(*key)
        .execution_options(yield_per=AT_ONCE)
    ).mappings()
    for _, group in groupby(rows, key=lambda row: [row[one.name] for one in key]):
        beside = list(group)
        yield dict(beside[0]), {(row["type"], row["value"]) for row in beside if row["type"]}


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
