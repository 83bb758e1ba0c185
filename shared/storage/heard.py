"""Reading a journal for consumers: what a caller may hear of, a bounded stretch at a time."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, FromClause, and_, or_, select

from shared.access import seen_by
from shared.domain.access import Sight
from shared.storage.journal import JournalTables

STRETCH = 5000
"""At most so many entries are looked at for one page, however few of them the caller may see."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that the caller may hear of; no payload where it was erased."""

    position: int
    entry_id: UUID
    kind: str
    recorded_at: datetime
    child_id: UUID | None
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: behind `after`, up to `until`, at most so many, of the kinds `told`. One that
    ends in a dot stands for every kind that begins so."""

    after: int
    until: int
    limit: int
    told: Collection[str]


def entries_heard(
    connection: Connection,
    tables: JournalTables,
    child: FromClause,
    sight: Sight,
    wanted: Wanted,
) -> Sequence[Found]:
    """Entries about nobody, and those about children whom the caller may see. A child who isn't
    known is hidden."""
    entries, payloads = tables.entries, tables.payloads
    kind = entries.c.kind
    beginnings = sorted(each for each in wanted.told if each.endswith("."))
    kinds = sorted(each for each in wanted.told if not each.endswith("."))
    rows = connection.execute(
        select(
            entries.c.position,
            entries.c.entry_id,
            entries.c.kind,
            entries.c.recorded_at,
            entries.c.child_id,
            payloads.c.payload,
        )
        .outerjoin(payloads, payloads.c.position == entries.c.position)
        .outerjoin(child, child.c.child_id == entries.c.child_id)
        .where(
            entries.c.position > wanted.after,
            entries.c.position <= wanted.until,
            or_(kind.in_(kinds), *(kind.startswith(each, autoescape=True) for each in beginnings)),
            or_(
                entries.c.child_id.is_(None),
                and_(child.c.child_id.is_not(None), seen_by(sight, child)),
            ),
        )
        .order_by(entries.c.position)
        .limit(wanted.limit)
    )
    return [
        Found(*row[:5], None if row.payload is None else json.loads(row.payload)) for row in rows
    ]
