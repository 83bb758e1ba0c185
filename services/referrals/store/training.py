"""Training sessions: rows <-> domain."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, exists, insert, select

from services.referrals.domain.training import Audience, Mode, Session, SessionRevision
from services.referrals.domain.transitions import Actor
from services.referrals.tables import training_session
from shared.storage.upsert import upserting

_T = training_session
_NEWER = training_session.alias("newer")


class CorrectedMeanwhileError(Exception):
    """Another request stored the same revision of the session."""


def add(connection: Connection, new: SessionRevision, entry_id: UUID) -> None:
    """Store a revision.

    Raises:
        CorrectedMeanwhileError: that revision is there already.
    """
    row = {
        "session_id": new.session_id,
        "revision": new.revision,
        "entry_id": entry_id,
        "at": new.at,
        "client_id": new.by.client_id,
        "person_id": new.by.person_id,
        "reason": new.reason,
        "topic": new.session.topic,
        "audience": new.session.audience.value,
        "mode": new.session.mode.value,
        "attended": new.session.attended,
        "held_on": new.session.held_on,
        "cancelled": new.session.cancelled,
    }
    if new.revision == 1:
        connection.execute(insert(_T).values(row))
        return
    stored = connection.execute(
        upserting(connection, _T).values(row).on_conflict_do_nothing().returning(_T.c.revision)
    )
    if stored.first() is None:
        raise CorrectedMeanwhileError


def latest(connection: Connection, session_id: UUID) -> SessionRevision | None:
    """A session as it stands; None if there is none."""
    row = connection.execute(_latest().where(_T.c.session_id == session_id)).one_or_none()
    return None if row is None else _revision(row)


def revisions(
    connection: Connection, session_id: UUID, after: int | None, limit: int
) -> list[SessionRevision]:
    """The revisions of a session, first to last, from behind one of them, at most `limit`."""
    query = select(_T).where(_T.c.session_id == session_id, _T.c.revision > (after or 0))
    rows = connection.execute(query.order_by(_T.c.revision).limit(limit))
    return [_revision(row) for row in rows]


def page(connection: Connection, after: UUID | None, limit: int) -> list[SessionRevision]:
    """Sessions as they stand, last entered first, from behind `after`."""
    query = _latest().order_by(_T.c.session_id.desc()).limit(limit)
    if after is not None:
        query = query.where(_T.c.session_id < after)
    return [_revision(row) for row in connection.execute(query)]


def held_between(connection: Connection, first: date, last: date) -> list[Session]:
    """The sessions of a period as they stand."""
    query = _latest().where(_T.c.held_on.between(first, last))
    return [_revision(row).session for row in connection.execute(query)]


def _latest() -> Select[Any]:
    newer = and_(_NEWER.c.session_id == _T.c.session_id, _NEWER.c.revision > _T.c.revision)
    return select(_T).where(~exists().where(newer))


def _revision(row: Row[Any]) -> SessionRevision:
    return SessionRevision(
        row.session_id,
        row.revision,
        row.at,
        Actor(row.client_id, row.person_id),
        row.reason,
        Session(
            row.topic,
            Audience(row.audience),
            Mode(row.mode),
            row.attended,
            row.held_on,
            row.cancelled,
        ),
    )
