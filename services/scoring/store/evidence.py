"""What is, or was, known about children: the evidence that scores are made from.

Three questions, two queries each, whatever the number: what is known now, what was known at a
position of the journal, and what stood behind each of some stored scores.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, FromClause, Select, exists, literal, select

from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.store.contested import is_contested
from services.scoring.store.merging import records_at, records_behind, records_now
from services.scoring.store.observations import HAS_NEWER, OBSERVATION, is_newer
from services.scoring.tables import child_version, held_update, journal, observation, receipt, score

Position = ColumnElement[int] | int | None
"""Known up to there; None: all that is known."""


def evidence_now(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, Evidence]:
    """What is known now about each child."""
    return _evidence(connection, child_ids, records_now(child_ids).subquery("record"), None)


def evidence_at(
    connection: Connection, child_ids: Collection[UUID], position: int
) -> dict[UUID, Evidence]:
    """What was known about each child once the journal had reached `position`."""
    records = records_at(child_ids, position).subquery("record")
    return _evidence(connection, child_ids, records, literal(position))


def evidence_behind(connection: Connection, score_ids: Collection[UUID]) -> dict[UUID, Evidence]:
    """What was known when each score was computed, by score id."""
    records = records_behind(score_ids).subquery("record")
    born = _births(score.c.score_id, score.c.known_position).join(
        score, score.c.child_id == child_version.c.child_id
    )
    return _gather(
        connection,
        score_ids,
        _statements(records, records.c.until),
        born.where(score.c.score_id.in_(score_ids)),
    )


def _evidence(
    connection: Connection, child_ids: Collection[UUID], records: FromClause, until: Position
) -> dict[UUID, Evidence]:
    born_as = child_version.c.child_id
    born = _births(born_as, until).where(born_as.in_(child_ids))
    return _gather(connection, child_ids, _statements(records, until), born)


def _statements(records: FromClause, until: Position) -> Select[Any]:
    """Current revisions that are neither retracted nor contested, of all `records`, each with its
    `key`."""
    found = (
        select(records.c.key, *OBSERVATION)
        .join(records, records.c.child_id == observation.c.child_id)
        .where(observation.c.retracted.is_(False))
    )
    if until is None:
        return found.where(~HAS_NEWER, ~is_contested(None))
    # Known by then: by the journal entry that a revision became known with.
    entry = journal.entries.alias("entry")
    return found.join(entry, entry.c.entry_id == observation.c.entry_id).where(
        entry.c.position <= until,
        ~_taken_back(observation.alias("newer"), until),
        ~_taken_back(held_update, until),
        ~is_contested(until),
    )


def _taken_back(newer: FromClause, until: ColumnElement[int] | int) -> ColumnElement[bool]:
    """Whether a higher revision had been received by then, whether or not its child was known."""
    entry = journal.entries.alias()
    received = newer.join(receipt, receipt.c.receipt_id == newer.c.receipt_id).join(
        entry, entry.c.entry_id == receipt.c.entry_id
    )
    return exists().select_from(received).where(is_newer(newer), entry.c.position <= until)


def _births(key: ColumnElement[UUID], until: Position) -> Select[Any]:
    """Every version of a date of birth in the order in which they became known."""
    entries = journal.entries
    found = (
        select(key, child_version.c.date_of_birth, child_version.c.date_of_birth_estimated)
        .join(entries, entries.c.entry_id == child_version.c.entry_id)
        .order_by(entries.c.position)
    )
    return found if until is None else found.where(entries.c.position <= until)


def _gather(
    connection: Connection, keys: Iterable[UUID], said: Select[Any], born: Select[Any]
) -> dict[UUID, Evidence]:
    statements: dict[UUID, list[Observation]] = defaultdict(list)
    for key, *fields in connection.execute(said).all():
        statements[key].append(Observation(*fields))
    births = {key: birth for key, *birth in connection.execute(born).all()}
    return {key: Evidence(tuple(statements[key]), *births.get(key, (None, False))) for key in keys}
