"""Handling codes: under which of them each revision of a statement is."""

import json
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    exists,
    null,
    or_,
    select,
    union_all,
)

from services.scoring.store.merging import records_of
from services.scoring.store.observations import HAS_NEWER
from services.scoring.tables import held_update, observation


class Key(NamedTuple):
    """One revision of one statement."""

    source: str
    source_ref: str
    revision: int


def codes_about(
    connection: Connection, child_id: UUID, position: int | None
) -> list[tuple[Key, str]]:
    """`codes_of` what was said about a child, as its records were at a position of the journal
    (None: are now). Its codes are those of now: what isn't told now isn't told of then."""
    records = records_of([child_id], position).subquery("record")
    about = select(observation.c.source, observation.c.source_ref, observation.c.revision).join(
        records, records.c.child_id == observation.c.child_id
    )
    return codes_of(connection, about)


def codes_of(connection: Connection, revisions: Select[Any]) -> list[tuple[Key, str]]:
    """Of revisions (by `source`, `source_ref`, `revision`), those that are under a handling code,
    each with the code: its own, and that of the highest revision received, which may speak of
    another child, or wait for one. One query."""
    said = revisions.subquery("said")
    recorded = (
        select(*said.c, observation.c.handling, null().label("content"))
        .join(observation, _of_one_statement(said, observation))
        .where(observation.c.handling.is_not(None), or_(_is_same(said, observation), ~HAS_NEWER))
    )
    waiting = (
        select(*said.c, null(), held_update.c.content)
        .join(held_update, _of_one_statement(said, held_update))
        .where(or_(_is_same(said, held_update), ~_NEWER_THAN_WAITS))
    )
    found = []
    for *key, handling, content in connection.execute(union_all(recorded, waiting)):
        code = handling if content is None else json.loads(content)["handling"]
        if code is not None:
            found.append((Key(*key), code))
    return found


def _of_one_statement(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(one.c.source == other.c.source, one.c.source_ref == other.c.source_ref)


def _is_same(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return one.c.revision == other.c.revision


def _newer_than_waits(other: FromClause) -> ColumnElement[bool]:
    same = _of_one_statement(other, held_update)
    return exists().where(same, other.c.revision > held_update.c.revision)


_NEWER_THAN_WAITS = or_(
    _newer_than_waits(observation.alias("newer")), _newer_than_waits(held_update.alias("waits"))
)
