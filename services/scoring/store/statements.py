"""Statements about a child, as they are shown to a person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, literal, or_, select, tuple_

from services.scoring.domain.evidence import Observation
from services.scoring.store.contested import is_contested
from services.scoring.store.handling import Key
from services.scoring.store.merging import records_now
from services.scoring.store.observations import HAS_NEWER, OBSERVATION
from services.scoring.tables import journal, observation


@dataclass(frozen=True, slots=True)
class Stated:
    """A stored revision as shown to a person, with when it became known."""

    observation: Observation
    recorded_at: datetime
    retracted: bool
    superseded: bool
    contested: bool
    """Its numbers lead to another child, or to several: it counts for nobody."""
    child_id: UUID
    """The record that it came for."""
    withheld: bool = False
    """It is under a handling code that the person isn't cleared for."""

    @property
    def key(self) -> Key:
        """Which revision of which statement."""
        said = self.observation
        return Key(said.source, said.source_ref, said.revision)


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
