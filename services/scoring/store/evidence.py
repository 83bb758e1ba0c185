"""What is, or was, known about children: the evidence that scores are made from.

Three questions, two queries each, whatever the number: what is known now, what was known at a
position of the journal, and what stood behind each of some stored scores.
"""

from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    exists,
    select,
)

from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.store.contested import is_contested
from services.scoring.store.merging import records_at, records_behind, records_now
from services.scoring.store.observations import HAS_NEWER, OBSERVATION, is_newer
from services.scoring.tables import child_version, held_update, journal, observation, receipt, score

Position = ColumnElement[int] | None
"""Known up to there; None: all that is known."""
_KEYS: BindParameter[Any] = bindparam("keys", expanding=True)
"""The children, or the stored scores, that are asked about."""
_UNTIL: ColumnElement[int] = bindparam("until", type_=BigInteger)


def evidence_now(connection: Connection, child_ids: Collection[UUID]) -> dict[UUID, Evidence]:
    """What is known now about each child."""
    return _gather(connection, _NOW, child_ids)


def evidence_at(
    connection: Connection, child_ids: Collection[UUID], position: int
) -> dict[UUID, Evidence]:
    """What was known about each child once the journal had reached `position`."""
    return _gather(connection, _AT, child_ids, until=position)


def evidence_behind(connection: Connection, score_ids: Collection[UUID]) -> dict[UUID, Evidence]:
    """What was known when each score was computed, by score id."""
    return _gather(connection, _BEHIND, score_ids)


class Question(NamedTuple):
    """The two queries. Made once: to make them costs more than to run them for a few children."""

    said: Select[Any]
    born: Select[Any]


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


def _taken_back(newer: FromClause, until: ColumnElement[int]) -> ColumnElement[bool]:
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


def _of_children(records: FromClause, until: Position) -> Question:
    born_as = child_version.c.child_id
    return Question(_statements(records, until), _births(born_as, until).where(born_as.in_(_KEYS)))


def _of_scores(records: FromClause) -> Question:
    born = _births(score.c.score_id, score.c.known_position).join(
        score, score.c.child_id == child_version.c.child_id
    )
    return Question(_statements(records, records.c.until), born.where(score.c.score_id.in_(_KEYS)))


_NOW = _of_children(records_now(_KEYS).subquery("record"), None)
_AT = _of_children(records_at(_KEYS, _UNTIL).subquery("record"), _UNTIL)
_BEHIND = _of_scores(records_behind(_KEYS).subquery("record"))


def _gather(
    connection: Connection, asked: Question, keys: Collection[UUID], **known: int
) -> dict[UUID, Evidence]:
    given = {"keys": list(keys), **known}
    statements: dict[UUID, list[Observation]] = defaultdict(list)
    for key, *fields in connection.execute(asked.said, given).all():
        statements[key].append(Observation(*fields))
    births = {key: birth for key, *birth in connection.execute(asked.born, given).all()}
    return {key: Evidence(tuple(statements[key]), *births.get(key, (None, False))) for key in keys}
