"""Observations: append-only evidence, one row a revision."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    FromClause,
    String,
    Table,
    and_,
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
from shared.domain.canonical import canonical_bytes, digest
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
    said = _said_by(connection, observation, name, refs)
    for row in connection.execute(
        select(
            said.c.source_ref,
            said.c.revision,
            said.c.content_digest,
            said.c.first_result,
            counted_as(said.c.child_id).label("counts_for"),
        ).outerjoin_from(said, merged_child, merged_child.c.child_id == said.c.child_id)
    ):
        found[row.source_ref][row.revision] = Known(
            row.content_digest, Result(row.first_result), row.counts_for
        )
    waiting = _said_by(connection, held_update, name, refs)
    for held in connection.execute(
        select(
            waiting.c.source_ref,
            waiting.c.revision,
            waiting.c.content_digest,
            waiting.c.discarded_entry_id.is_(None).label("waits"),
            waiting.c.person,
        )
    ):
        found[held.source_ref][held.revision] = Known(
            held.content_digest,
            Result.HELD,
            None,
            held.waits,
            held.person and json.loads(held.person),
        )
    return found


def _said_by(
    connection: Connection, statements: Table, name: str, refs: Collection[str]
) -> FromClause:
    """Some statements of a source, each looked for by itself: PostgreSQL, left to choose, may walk
    through all that the source ever said, until it has counted what it stores."""
    own = statements.c.source == name
    if connection.dialect.name != "postgresql":
        return select(statements).where(own, statements.c.source_ref.in_(refs)).subquery()
    asked = func.unnest(literal(list(refs), ARRAY(String))).table_valued("ref").render_derived()
    # OFFSET 0: what PostgreSQL doesn't look behind.
    one = select(statements).where(own, statements.c.source_ref == asked.c.ref).offset(0).lateral()
    return select(one).select_from(asked.join(one, true())).subquery()


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
    spelled = cache(str)  # many have the same child, the same day
    said = [
        (
            row.source,
            row.source_ref,
            row.revision,
            spelled(row.child_id),
            row.agency,
            row.code,
            row.answer,
            spelled(row.observed_on),
            None if row.observed_until is None else spelled(row.observed_until),
            row.incident_ref,
            row.sequence,
            row.note_ref,
            row.handling,
            row.retracted,
            row.content_digest,
            row.first_result,
            spelled(row.receipt_id),
        )
        for row in sorted(rows)
    ]
    return digest(canonical_bytes(said))


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
