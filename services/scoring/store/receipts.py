"""Receipts of indicator updates, and what was held or rejected with them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, tuple_

from services.scoring.domain.intake import Update, kept_of, restored, written
from services.scoring.domain.receipts import spelled, with_hash
from services.scoring.store.children import carried
from services.scoring.tables import held_identifier, held_update, receipt, rejected_update
from shared.domain.canonical import Json, canonical_bytes, digest

OUR_ID = "child_id"
"""The kind of identifier under which a held update waits for an id of ours."""

AT_ONCE = 2000
"""A statement takes some ten thousand parameters, and any number of updates may wait."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a source got as an answer: its items' results in the order sent."""

    receipt_id: UUID
    received_at: datetime
    client_id: str
    results: Sequence[dict[str, Json]]
    hash: str
    """Over all that is answered: `domain/receipts.py`."""
    answer: str
    """As it is answered: JSON."""

    @classmethod
    def of(
        cls,
        receipt_id: UUID,
        received_at: datetime,
        client_id: str,
        results: Sequence[dict[str, Json]],
    ) -> "Receipt":
        """A receipt with its hash."""
        form = spelled(receipt_id, received_at, results)
        return cls(receipt_id, received_at, client_id, results, *with_hash(form))


@dataclass(frozen=True, slots=True)
class Held:
    """An update that waits for its child."""

    update: Update
    content_digest: str
    agency: str
    receipt_id: UUID
    reason: str


def add_receipt(connection: Connection, new: Receipt, entry_id: UUID) -> None:
    """Store a receipt."""
    connection.execute(
        insert(receipt).values(
            receipt_id=new.receipt_id,
            entry_id=entry_id,
            client_id=new.client_id,
            received_at=new.received_at,
            results=canonical_bytes(new.results).decode(),
        )
    )


def receipt_of(connection: Connection, client_id: str, receipt_id: UUID) -> Receipt | None:
    """A receipt, for the consumer that it was given to and nobody else."""
    row = connection.execute(
        select(receipt.c.received_at, receipt.c.results).where(
            receipt.c.receipt_id == receipt_id, receipt.c.client_id == client_id
        )
    ).one_or_none()
    if row is None:
        return None
    return Receipt.of(receipt_id, row.received_at, client_id, json.loads(row.results))


def keep_refused(
    connection: Connection, receipt_id: UUID, refused: Iterable[tuple[int, object]]
) -> None:
    """Keep what was rejected or in conflict, without whom it names, under its place in the
    request."""
    rows = [
        {"receipt_id": receipt_id, "place": place, "content": json.dumps(kept_of(sent))}
        for place, sent in refused
    ]
    if rows:
        connection.execute(insert(rejected_update), rows)


def hold(connection: Connection, held: Sequence[Held]) -> str:
    """Keep updates until their child becomes known. Two statements, whatever the number. Returns
    their digest, for the journal's entry."""
    rows = [
        {
            **_key(one.update),
            "agency": one.agency,
            "receipt_id": one.receipt_id,
            "reason": one.reason,
            "content": written(one.update).decode(),
            "content_digest": one.content_digest,
            "person": one.update.person and json.dumps(dict(one.update.person)),
        }
        for one in held
    ]
    if rows:
        connection.execute(insert(held_update), rows)
    awaited = [
        {**_key(one.update), "type": kind, "value": value}
        for one in held
        for kind, value in awaited_identifiers(one.update)
    ]
    if awaited:
        connection.execute(insert(held_identifier), awaited)
    return digest_of_held(rows)


def digest_of_held(rows: Iterable[Mapping[str, Any]]) -> str:
    """One digest over what waits, or waited, of all that came with a receipt, in whatever order."""
    names = ("source", "source_ref", "revision", "agency", "content_digest")
    return digest(canonical_bytes(sorted([row[name] for name in names] for row in rows)))


def awaited_identifiers(update: Update) -> list[tuple[str, str]]:
    """The identifiers by which an update may find its child."""
    if update.child_id is not None:
        return [(OUR_ID, str(update.child_id))]
    return sorted(set(update.identifiers))


def take_held(connection: Connection, identifiers: Sequence[tuple[str, str]]) -> list[Held]:
    """The held updates that wait for any of these identifiers, in the order of their keys.

    One query, whatever the number.
    """
    wanted = set(identifiers)
    rows = connection.execute(
        select(
            held_identifier.c.type,
            held_identifier.c.value,
            held_update.c.content,
            held_update.c.content_digest,
            held_update.c.agency,
            held_update.c.receipt_id,
            held_update.c.reason,
        )
        .join(held_update, _same_statement(held_update, held_identifier))
        .where(*carried(held_identifier, wanted))
        .order_by(held_update.c.source, held_update.c.source_ref, held_update.c.revision)
    )
    found = {
        row.content: Held(
            restored(json.loads(row.content)),
            row.content_digest,
            row.agency,
            row.receipt_id,
            row.reason,
        )
        for row in rows
        if (row.type, row.value) in wanted
    }
    return list(found.values())


def _same_statement(one: Table, other: Table) -> ColumnElement[bool]:
    return and_(
        one.c.source == other.c.source,
        one.c.source_ref == other.c.source_ref,
        one.c.revision == other.c.revision,
    )


def release(connection: Connection, updates: Sequence[Update]) -> None:
    """Held updates have found their child: their person blocks go with them."""
    keys = [(update.source, update.source_ref, update.revision) for update in updates]
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        for table in (held_identifier, held_update):
            key = tuple_(table.c.source, table.c.source_ref, table.c.revision)
            connection.execute(delete(table).where(key.in_(some)))


def _key(update: Update) -> dict[str, object]:
    return {
        "source": update.source,
        "source_ref": update.source_ref,
        "revision": update.revision,
    }
