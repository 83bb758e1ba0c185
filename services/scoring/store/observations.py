"""Observations: append-only evidence, one row a revision; and which revisions count."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, and_, exists, or_

from services.scoring.domain.intake import Result, Update
from services.scoring.tables import held_update, observation
from shared.domain.canonical import digest, record_bytes
from shared.storage.bulk import insert_many


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
