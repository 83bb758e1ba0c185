"""Updates that wait for a child, as people look through them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, literal, select, tuple_
from sqlalchemy import update as sql_update

from services.scoring.domain.intake import restored
from services.scoring.store.handling import Key, codes_of
from services.scoring.store.receipts import Held
from services.scoring.tables import held_identifier, held_update, receipt


@dataclass(frozen=True, slots=True)
class Waiting:
    """A held update, when it came, and the person block, where the sender had no number."""

    held: Held
    received_at: datetime
    person: Mapping[str, str] | None


_HELD = (
    held_update.c.content,
    held_update.c.content_digest,
    held_update.c.agency,
    held_update.c.receipt_id,
    held_update.c.reason,
)
_STILL_WAITS = held_update.c.discarded_entry_id.is_(None)


def held_page(
    connection: Connection, source: str | None, behind: Key | None, limit: int
) -> list[Waiting]:
    """Updates that still wait, in the order of their keys, behind one of them. One query."""
    query = (
        select(*_HELD, held_update.c.person, receipt.c.received_at)
        .join(receipt, receipt.c.receipt_id == held_update.c.receipt_id)
        .where(_STILL_WAITS)
        .order_by(held_update.c.source, held_update.c.source_ref, held_update.c.revision)
        .limit(limit)
    )
    if source is not None:
        query = query.where(held_update.c.source == source)
    if behind is not None:
        key = (held_update.c.source, held_update.c.source_ref, held_update.c.revision)
        query = query.where(tuple_(*key) > tuple_(*map(literal, behind)))
    return [
        Waiting(
            _held(*row[: len(_HELD)]),
            row.received_at,
            None if row.person is None else json.loads(row.person),
        )
        for row in connection.execute(query)
    ]


def codes_of_held(connection: Connection, keys: Collection[Key]) -> list[tuple[Key, str]]:
    """`codes_of` updates that came for no child that was known. One query."""
    key = (held_update.c.source, held_update.c.source_ref, held_update.c.revision)
    return codes_of(connection, select(*key).where(tuple_(*key).in_(keys)))


def one_held(connection: Connection, key: Key) -> Held | None:
    """An update that still waits."""
    row = connection.execute(
        select(*_HELD).where(_is(held_update, key), _STILL_WAITS)
    ).one_or_none()
    return None if row is None else _held(*row)


def discard_held(
    connection: Connection, key: Key, person_id: str, reason: str, entry_id: UUID
) -> None:
    """It waits no longer, no number leads to it, and nobody is named in it."""
    connection.execute(delete(held_identifier).where(_is(held_identifier, key)))
    connection.execute(
        sql_update(held_update)
        .where(_is(held_update, key))
        .values(
            discarded_by=person_id,
            discard_reason=reason,
            discarded_entry_id=entry_id,
            person=None,
        )
    )


def _is(table: Table, key: Key) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key._asdict().items()))


def _held(content: str, content_digest: str, agency: str, receipt_id: UUID, reason: str) -> Held:
    return Held(restored(json.loads(content)), content_digest, agency, receipt_id, reason)
