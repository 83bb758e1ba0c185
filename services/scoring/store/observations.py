"""Observations: append-only evidence, one row a revision."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from services.scoring.domain.evidence import Observation
from services.scoring.domain.intake import Result, Update
from services.scoring.store.contested import is_contested
from services.scoring.store.merging import counted_as, records_now, records_of
from services.scoring.tables import held_update, journal, merged_child, observation
from shared.domain.canonical import digest, record_bytes
from shared.storage.bulk import insert_many


class Known(NamedTuple):
    """A revision that is known already, and for whom it counts (nobody yet, while it is held)."""

    digest: str
    first_result: Result
    counts_for: UUID | None
    waits: bool = False
    person: Mapping[str, str] | None = None
    """Of whom one speaks that waits without a number."""


class NewObservation(NamedTuple):
    """An update that speaks of a known child, ready to be stored."""

    update: Update
    content_digest: str
    child_id: UUID
    agency: str
    first_result: Result
    receipt_id: UUID
    entry_id: UUID


class ObservationRow(NamedTuple):
    """An observation as it is stored."""

    source: str
    source_ref: str
    revision: int
    child_id: UUID
    agency: str
    code: str
    answer: str
    observed_on: date
    observed_until: date | None
    incident_ref: str | None
    sequence: int | None
    note_ref: str | None
    handling: str | None
    retracted: bool
    content_digest: str
    first_result: str
    receipt_id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class Stated:
    """A stored revision as shown to a person: with when it became known, and its handling code."""

    observation: Observation
    recorded_at: datetime
    handling: str | None
    retracted: bool
    superseded: bool
    contested: bool
    """Its numbers lead to another child, or to several: it counts for nobody."""
    child_id: UUID
    """The record that it came for."""


def known_revisions(
    connection: Connection, name: str, refs: Collection[str]
) -> dict[str, dict[int, Known]]:
    """What is known of some statements of a source: reference -> revision -> what it was.

    Two queries, whatever the number.
    """
    found: dict[str, dict[int, Known]] = defaultdict(dict)
    recorded, waiting = _known_queries(connection.dialect.name)
    asked = {"name": name, "refs": list(refs)}
    for ref, revision, content, first_result, counts_for in connection.execute(recorded, asked):
        found[ref][revision] = Known(content, Result(first_result), counts_for)
    for ref, revision, content, waits, person in connection.execute(waiting, asked):
        of_whom = person and json.loads(person)
        found[ref][revision] = Known(content, Result.HELD, None, waits, of_whom)
    return found


@cache
def _known_queries(dialect: str) -> tuple[Select[Any], Select[Any]]:
    """What is recorded of the `refs` of the source `name`, and what was held. Put together once:
    that takes longer than to answer them."""
    said = _said(dialect, observation, "content_digest", "first_result", "child_id")
    recorded = select(
        said.c.source_ref,
        said.c.revision,
        said.c.content_digest,
        said.c.first_result,
        counted_as(said.c.child_id),
    ).outerjoin_from(said, merged_child, merged_child.c.child_id == said.c.child_id)
    held = _said(dialect, held_update, "content_digest", "discarded_entry_id", "person")
    waiting = select(
        held.c.source_ref,
        held.c.revision,
        held.c.content_digest,
        held.c.discarded_entry_id.is_(None),
        held.c.person,
    )
    return recorded, waiting


def _said(dialect: str, statements: Table, *names: str) -> FromClause:
    """The statements asked for, each looked for by itself: PostgreSQL, left to choose, may walk
    through all that the source ever said, until it has counted what it stores."""
    refs = bindparam("refs", type_=ARRAY(String).with_variant(JSON(), "sqlite"))
    one = select(*(statements.c[name] for name in ("source_ref", "revision", *names))).where(
        statements.c.source == bindparam("name")
    )
    if dialect != "postgresql":
        each = func.json_each(refs).table_valued("value")
        return one.where(statements.c.source_ref.in_(select(each.c.value))).subquery()
    asked = func.unnest(refs).table_valued("ref").render_derived()
    # OFFSET 0: what PostgreSQL doesn't look behind.
    looked_for = one.where(statements.c.source_ref == asked.c.ref).offset(0).lateral()
    return select(looked_for).select_from(asked.join(looked_for, true())).subquery()


def said_under(connection: Connection, name: str, references: Collection[str]) -> list[Observation]:
    """The current statements of a source under some references, in their order."""
    rows = connection.execute(
        select(*OBSERVATION)
        .where(
            observation.c.source == name,
            observation.c.source_ref.in_(references),
            observation.c.retracted.is_(False),
            ~HAS_NEWER,
        )
        .order_by(observation.c.source_ref)
    )
    return [Observation(*row) for row in rows]


def add_observations(connection: Connection, new: Iterable[NewObservation]) -> str:
    """Store observations in one statement. Returns their digest, for the journal's entry."""
    rows = [_row(one) for one in new]
    insert_many(connection, observation, ObservationRow._fields, rows)
    return digest_of_rows(rows)


def digest_of_rows(rows: Iterable[ObservationRow]) -> str:
    """One digest over all columns of the observations that became known with an entry (but the
    entry itself), in whatever order they come."""
    return digest(record_bytes([row[:-1] for row in sorted(rows)]))


def _row(new: NewObservation) -> ObservationRow:
    update = new.update
    return ObservationRow(
        update.source,
        update.source_ref,
        update.revision,
        new.child_id,
        new.agency,
        update.code,
        update.answer,
        update.observed_on,
        update.observed_until,
        update.incident_ref,
        update.sequence,
        update.note_ref,
        update.handling,
        update.retracted,
        new.content_digest,
        new.first_result,
        new.receipt_id,
        new.entry_id,
    )


def is_newer(other: FromClause) -> ColumnElement[bool]:
    """Whether a row of `other` is a higher revision of the same statement as an observation."""
    return and_(
        other.c.source == observation.c.source,
        other.c.source_ref == observation.c.source_ref,
        other.c.revision > observation.c.revision,
    )


_newer = observation.alias("newer")
HAS_NEWER = or_(exists().where(is_newer(_newer)), exists().where(is_newer(held_update)))
"""A higher revision counts instead, even where it speaks of another child, or waits for one: its
source has taken the lower one back."""

OBSERVATION = (
    observation.c.code,
    observation.c.answer,
    observation.c.observed_on,
    observation.c.observed_until,
    observation.c.incident_ref,
    observation.c.agency,
    observation.c.source,
    observation.c.source_ref,
    observation.c.revision,
)


def handled_keys(
    connection: Connection, child_id: UUID, position: int | None
) -> list[tuple[tuple[str, str, int], str]]:
    """The statements that came with a handling code about a child, as the child's records were at
    a position of the journal (None: are now), each with its code."""
    records = records_of([child_id], position).subquery("record")
    rows = connection.execute(
        select(
            observation.c.source,
            observation.c.source_ref,
            observation.c.revision,
            observation.c.handling,
        )
        .join(records, records.c.child_id == observation.c.child_id)
        .where(observation.c.handling.is_not(None))
    )
    return [((row.source, row.source_ref, row.revision), row.handling) for row in rows]


class Place(NamedTuple):
    """Where a revision stands in the list of a child's statements."""

    observed_on: date
    source: str
    source_ref: str
    revision: int


def statements_of(
    connection: Connection, child_id: UUID, behind: Place | None, limit: int
) -> list[Stated]:
    """Every revision about a child, the latest day first, behind a place."""
    records = records_now([child_id]).subquery("record")
    query = (
        select(
            *OBSERVATION,
            journal.entries.c.recorded_at,
            observation.c.handling,
            observation.c.retracted,
            HAS_NEWER.label("superseded"),
            is_contested(None).label("contested"),
            observation.c.child_id,
        )
        .join(journal.entries, journal.entries.c.entry_id == observation.c.entry_id)
        .join(records, records.c.child_id == observation.c.child_id)
        .order_by(
            observation.c.observed_on.desc(),
            observation.c.source,
            observation.c.source_ref,
            observation.c.revision.desc(),
        )
        .limit(limit)
    )
    if behind is not None:
        query = query.where(_comes_behind(behind))
    rows = connection.execute(query)
    return [
        Stated(
            observation=Observation(*row[: len(OBSERVATION)]),
            recorded_at=row.recorded_at,
            handling=row.handling,
            retracted=row.retracted,
            superseded=row.superseded,
            contested=row.contested,
            child_id=row.child_id,
        )
        for row in rows
    ]


def _comes_behind(place: Place) -> ColumnElement[bool]:
    said = observation.c
    same_statement = and_(said.source == place.source, said.source_ref == place.source_ref)
    return or_(
        said.observed_on < place.observed_on,
        and_(
            said.observed_on == place.observed_on,
            or_(
                tuple_(said.source, said.source_ref)
                > tuple_(literal(place.source), literal(place.source_ref)),
                and_(same_statement, said.revision < place.revision),
            ),
        ),
    )
