"""Records of the work in a case: rows <-> domain. Only ever read of a case that was seen."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, exists, func, select

from services.referrals.domain.cases.case import Record, RecordKind, Which
from services.referrals.domain.cases.words import ActionState, Priority
from services.referrals.domain.transitions import Actor
from services.referrals.tables import case_record
from shared.storage.upsert import upserting

_R = case_record
_NEWER = case_record.alias("newer")


class RecordedMeanwhileError(Exception):
    """Another request stored the same revision of the record."""


def add(connection: Connection, new: Record, entry_id: UUID) -> None:
    """Store a record, or a revision of it.

    Raises:
        RecordedMeanwhileError: that revision is there already.
    """
    stored = connection.execute(
        upserting(connection, _R)
        .values(
            record_id=new.record_id,
            revision=new.revision,
            case_id=new.case_id,
            kind=new.kind.value,
            entry_id=entry_id,
            at=new.at,
            client_id=new.by.client_id,
            person_id=new.by.person_id,
            on_day=new.on_day,
            reason=new.reason,
            content=dict(new.content),
            withdrawn=new.withdrawn,
        )
        .on_conflict_do_nothing()
        .returning(_R.c.revision)
    )
    if stored.first() is None:
        raise RecordedMeanwhileError


def newest(connection: Connection, which: Which) -> Record | None:
    """A record as it stands; None if this case has no such."""
    query = _revisions(which).order_by(_R.c.revision.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else _record(row)


def revisions(connection: Connection, which: Which, after: int | None, limit: int) -> list[Record]:
    """The revisions of a record, first to last, from behind one of them, at most `limit`."""
    query = _revisions(which).where(_R.c.revision > (after or 0)).order_by(_R.c.revision)
    return [_record(row) for row in connection.execute(query.limit(limit))]


def _revisions(which: Which) -> Select[Any]:
    return select(_R).where(
        _R.c.record_id == which.record_id,
        _R.c.case_id == which.case_id,
        _R.c.kind.in_(sorted(which.kinds)),
    )


def page(
    connection: Connection,
    case_id: UUID,
    kinds: Collection[RecordKind],
    after: UUID | None,
    limit: int,
) -> list[Record]:
    """Records as they stand, last entered first, from behind `after`."""
    query = (
        _latest()
        .where(_R.c.case_id == case_id, _R.c.kind.in_(sorted(kinds)))
        .order_by(_R.c.record_id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(_R.c.record_id < after)
    return [_record(row) for row in connection.execute(query)]


def has_any(connection: Connection, case_id: UUID, kind: RecordKind) -> bool:
    """Whether there is a record of this kind."""
    there = exists().where(_R.c.case_id == case_id, _R.c.kind == kind.value)
    return bool(connection.execute(select(there)).scalar_one())


def open_high_actions(connection: Connection, case_id: UUID) -> int:
    """How many actions of high priority are still to be done."""
    query = (
        _latest()
        .with_only_columns(func.count())
        .where(
            _R.c.case_id == case_id,
            _R.c.kind == RecordKind.ACTION.value,
            _R.c.content["priority"].as_string() == Priority.HIGH.value,
            _R.c.content["state"].as_string() == ActionState.OPEN.value,
            ~_R.c.withdrawn,
        )
    )
    return int(connection.execute(query).scalar_one())


def _latest() -> Select[Any]:
    newer = and_(_NEWER.c.record_id == _R.c.record_id, _NEWER.c.revision > _R.c.revision)
    return select(_R).where(~exists().where(newer))


def _record(row: Row[Any]) -> Record:
    return Record(
        record_id=row.record_id,
        case_id=row.case_id,
        kind=RecordKind(row.kind),
        revision=row.revision,
        at=row.at,
        by=Actor(row.client_id, row.person_id),
        on_day=row.on_day,
        reason=row.reason,
        content=row.content,
        withdrawn=row.withdrawn,
    )
