"""Marks of children whose score has to be computed again."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    delete,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)

from services.scoring.tables import child, merged_child, score, score_due, standing
from shared.storage.database import UtcDateTime
from shared.storage.upsert import upserting


def mark_due(connection: Connection, child_ids: Collection[UUID], now: datetime) -> None:
    """Mark children due; a mark that stands stays."""
    if child_ids:
        _mark(connection, select(child.c.child_id).where(child.c.child_id.in_(child_ids)), now)


class Looked(NamedTuple):
    """What the marks of those that turn were last set for."""

    today: date
    document_hash: str
    """Of the version in force."""
    engine_version: str
    feeds_position: int
    """In the journal: the last turn of a feed."""


def mark_turning_due(connection: Connection, looked: Looked, now: datetime) -> None:
    """Mark the children whose score changes without anything new about them: by their stored day,
    because other weights have come into force or another engine is at work, or because a feed fell
    silent or speaks again (every score leans on the feeds). Looks into an index each, no walk over
    all."""
    whose = select(standing.c.child_id).where(_turned(looked), ~_merged(standing.c.child_id))
    _mark(connection, whose, now)


def _turned(looked: Looked) -> ColumnElement[bool]:
    return or_(
        standing.c.next_change_on <= looked.today,
        standing.c.document_hash != looked.document_hash,
        standing.c.engine_version != looked.engine_version,
        standing.c.feeds_position < looked.feeds_position,
    )


class Resting(NamedTuple):
    """A child that no worker will look at until something happens."""

    child_id: UUID
    score_id: UUID | None
    """None: it was never scored."""
    next_change_on: date | None
    last_number: int | None
    """Of its stored scores."""


def resting(
    connection: Connection, looked: Looked, behind: UUID | None, limit: int
) -> list[Resting]:
    """Children that are neither due nor about to be, in the order of their ids."""
    numbers = select(func.max(score.c.number)).where(score.c.child_id == child.c.child_id)
    rows = connection.execute(
        select(
            child.c.child_id,
            standing.c.score_id,
            standing.c.next_change_on,
            numbers.scalar_subquery(),
        )
        .outerjoin(standing, standing.c.child_id == child.c.child_id)
        .where(
            ~_merged(child.c.child_id),
            ~exists().where(score_due.c.child_id == child.c.child_id),
            func.coalesce(_turned(looked), false()).is_(false()),
            *([] if behind is None else [child.c.child_id > behind]),
        )
        .order_by(child.c.child_id)
        .limit(limit)
    )
    return [Resting(*row) for row in rows]


def _mark(connection: Connection, whose: Select[UUID], now: datetime) -> None:
    marks = whose.add_columns(literal(now, UtcDateTime)).order_by(*whose.selected_columns)
    connection.execute(
        upserting(connection, score_due)
        .from_select(["child_id", "marked_at"], marks)
        .on_conflict_do_nothing()
    )


def lock_some_due(connection: Connection, but_not: Collection[UUID], limit: int) -> list[UUID]:
    """Some children that are due and that nobody is writing to, locked in the order of ids.

    Two workers take different children; a child whose evidence is changing is left for later, and
    a record that was merged is not scored: its evidence counts for another.
    """
    # In the order of the marks: in that of the children, SQLite would walk through all of them.
    return list(
        connection.execute(
            select(child.c.child_id)
            .join(score_due, score_due.c.child_id == child.c.child_id)
            .where(~_merged(child.c.child_id), child.c.child_id.not_in(but_not))
            .order_by(score_due.c.child_id)
            .limit(limit)
            .with_for_update(skip_locked=True, of=child)
        ).scalars()
    )


def _merged(record: ColumnElement[UUID]) -> ColumnElement[bool]:
    return exists().where(merged_child.c.child_id == record)


def is_due(connection: Connection, child_id: UUID) -> bool:
    """Whether a child's stored score is behind."""
    return bool(connection.scalar(select(exists().where(score_due.c.child_id == child_id))))


def clear_due(connection: Connection, child_ids: Collection[UUID]) -> None:
    """Their scores are computed. The locked rows of the children kept new marks away meanwhile."""
    connection.execute(delete(score_due).where(score_due.c.child_id.in_(child_ids)))
