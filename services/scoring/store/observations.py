"""Observations: append-only evidence, one row a revision."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    FromClause,
    and_,
    any_,
    exists,
    literal,
    or_,
    select,
    tuple_,
)

from services.scoring.domain.evidence import Observation
from services.scoring.domain.intake import Result, Update
from services.scoring.store.merging import counted_as, records_now
from services.scoring.tables import held_update, journal, merged_child, observation
from shared.storage.bulk import insert_many


@dataclass(frozen=True, slots=True)
class Known:
    """A revision that is known already, and for whom it counts (nobody yet, while it is held)."""

    digest: str
    first_result: Result
    counts_for: UUID | None


@dataclass(frozen=True, slots=True)
class NewObservation:
    """An update that speaks of a known child, ready to be stored."""

    update: Update
    content_digest: str
    child_id: UUID
    agency: str
    first_result: Result
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
    child_id: UUID
    """The record that it came for."""


def known_revisions(
    connection: Connection, name: str, refs: Collection[str]
) -> dict[str, dict[int, Known]]:
    """What is known of some statements of a source: reference -> revision -> what it was.

    Two queries, whatever the number.
    """
    found: dict[str, dict[int, Known]] = defaultdict(dict)
    for row in connection.execute(
        select(
            observation.c.source_ref,
            observation.c.revision,
            observation.c.content_digest,
            observation.c.first_result,
            counted_as(observation.c.child_id).label("counts_for"),
        )
        .outerjoin(merged_child, merged_child.c.child_id == observation.c.child_id)
        .where(observation.c.source == name, _is_one_of(connection, observation.c.source_ref, refs))
    ):
        found[row.source_ref][row.revision] = Known(
            row.content_digest, Result(row.first_result), row.counts_for
        )
    for held in connection.execute(
        select(
            held_update.c.source_ref, held_update.c.revision, held_update.c.content_digest
        ).where(
            held_update.c.source == name, _is_one_of(connection, held_update.c.source_ref, refs)
        )
    ):
        found[held.source_ref][held.revision] = Known(held.content_digest, Result.HELD, None)
    return found


def _is_one_of(
    connection: Connection, column: ColumnElement[str], values: Collection[str]
) -> ColumnElement[bool]:
    # On PostgreSQL as one array: a thousand parameters take longer than what they ask for.
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))
    return column.in_(values)


def said_under(connection: Connection, name: str, prefix: str) -> list[Observation]:
    """The current statements of a source whose references begin with `prefix`, which ends in a
    colon."""
    reference = observation.c.source_ref
    rows = connection.execute(
        select(*OBSERVATION)
        .where(
            observation.c.source == name,
            reference >= prefix,
            reference < f"{prefix[:-1]};",
            observation.c.retracted.is_(False),
            ~HAS_NEWER,
        )
        .order_by(reference)
    )
    return [Observation(*row) for row in rows]


def add_observations(connection: Connection, new: Iterable[NewObservation]) -> None:
    """Store observations in one statement."""
    insert_many(connection, observation, [_row(one) for one in new])


def _row(new: NewObservation) -> Mapping[str, object]:
    update = new.update
    return {
        "source": update.source,
        "source_ref": update.source_ref,
        "revision": update.revision,
        "child_id": new.child_id,
        "agency": new.agency,
        "code": update.code,
        "answer": update.answer,
        "observed_on": update.observed_on,
        "observed_until": update.observed_until,
        "incident_ref": update.incident_ref,
        "sequence": update.sequence,
        "note_ref": update.note_ref,
        "handling": update.handling,
        "retracted": update.retracted,
        "content_digest": new.content_digest,
        "first_result": new.first_result,
        "receipt_id": new.receipt_id,
        "entry_id": new.entry_id,
    }


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


def handled_keys(connection: Connection, child_id: UUID) -> list[tuple[tuple[str, str, int], str]]:
    """The statements about a child that came with a handling code, each with its code."""
    records = records_now([child_id]).subquery("record")
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
