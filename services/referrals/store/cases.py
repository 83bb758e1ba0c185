"""Cases and their histories: rows <-> domain. Every read goes through the one access predicate."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, and_, insert, select, update

from services.referrals.domain.cases.case import Case
from services.referrals.domain.cases.transitions import CaseMoved, CaseStatus
from services.referrals.domain.referral import ReferralType
from services.referrals.domain.transitions import Actor, ReferralStatus
from services.referrals.store.children import STANDS_AS, is_of_whole
from services.referrals.store.ratings import rating_from, rating_json
from services.referrals.tables import case_history, child, child_case, referral
from shared.access import seen_by
from shared.domain.access import Sight
from shared.storage.upsert import upserting

_H = case_history.c
_MOVE = (
    _H.revision.label("move_revision"),
    _H.at,
    _H.command,
    _H.from_status,
    _H.to_status,
    _H.client_id,
    _H.person_id,
    _H.reason,
    _H.next_check_on.label("move_next_check_on"),
    _H.authority.label("move_authority"),
    _H.proposed_by,
    _H.score_id,
    _H.rating,
)


class OpenedMeanwhileError(Exception):
    """The referral has its case already."""


def add(connection: Connection, new: Case, entry_id: UUID) -> None:
    """Store a new case with the first row of its history.

    Raises:
        OpenedMeanwhileError: the referral has a case.
    """
    stored = connection.execute(
        upserting(connection, child_case)
        .values(
            case_id=new.case_id,
            # The record that the referral was made under: should it be parted from the child again,
            # the case goes with it.
            child_id=select(referral.c.child_id)
            .where(referral.c.referral_id == new.referral_id)
            .scalar_subquery(),
            referral_id=new.referral_id,
            type=new.type.value,
            opened_at=new.opened_at,
            status=new.status.value,
            revision=new.revision,
            next_check_on=None,
            authority=None,
        )
        .on_conflict_do_nothing()
        .returning(child_case.c.case_id)
    )
    if stored.first() is None:
        raise OpenedMeanwhileError
    _add_move(connection, new.case_id, new.last, entry_id)


def save_move(connection: Connection, moved: Case, entry_id: UUID) -> None:
    """Store the new status of a case, and its last move."""
    connection.execute(
        update(child_case)
        .where(child_case.c.case_id == moved.case_id)
        .values(
            status=moved.status.value,
            revision=moved.revision,
            next_check_on=moved.next_check_on,
            authority=moved.authority,
        )
    )
    _add_move(connection, moved.case_id, moved.last, entry_id)


def lock(connection: Connection, case_id: UUID) -> None:
    """Lock the rows of a case and of its referral, if they are there: its actions and both
    statuses stay so until the end."""
    connection.execute(
        select(child_case.c.case_id)
        .join(referral, referral.c.referral_id == child_case.c.referral_id)
        .where(child_case.c.case_id == case_id)
        .with_for_update()
    )


def seen(connection: Connection, case_id: UUID, sight: Sight) -> Case | None:
    """A case, unless absent or about a child out of sight."""
    row = connection.execute(_seen(sight).where(child_case.c.case_id == case_id)).one_or_none()
    return None if row is None else _case(row)


def page(  # noqa: PLR0913  # the filters of the list
    connection: Connection,
    sight: Sight,
    status: CaseStatus | None,
    child_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Case]:
    """Cases newest first, from behind `after`, at most `limit`: one query."""
    query = _seen(sight).order_by(child_case.c.case_id.desc()).limit(limit)
    if status is not None:
        query = query.where(child_case.c.status == status.value)
    if child_id is not None:
        query = query.where(is_of_whole(child_id))
    if after is not None:
        query = query.where(child_case.c.case_id < after)
    return [_case(row) for row in connection.execute(query)]


def moves_of(
    connection: Connection, case_id: UUID, after: int | None, limit: int
) -> list[CaseMoved]:
    """The moves of a case, first to last, from behind a revision, at most `limit`."""
    query: Select[Any] = select(*_MOVE).where(_H.case_id == case_id, _H.revision > (after or 0))
    return [_move(row) for row in connection.execute(query.order_by(_H.revision).limit(limit))]


def _seen(sight: Sight) -> Select[Any]:
    last = and_(_H.case_id == child_case.c.case_id, _H.revision == child_case.c.revision)
    return (
        select(child_case, STANDS_AS, referral.c.status.label("referral_status"), *_MOVE)
        .join(child, child.c.child_id == child_case.c.child_id)
        .join(referral, referral.c.referral_id == child_case.c.referral_id)
        .join(case_history, last)
        .where(seen_by(sight, child))
    )


def _add_move(connection: Connection, case_id: UUID, moved: CaseMoved, entry_id: UUID) -> None:
    connection.execute(
        insert(case_history).values(
            case_id=case_id,
            revision=moved.revision,
            entry_id=entry_id,
            at=moved.at,
            command=moved.command,
            from_status=moved.from_status,
            to_status=moved.to_status.value,
            client_id=moved.by.client_id,
            person_id=moved.by.person_id,
            reason=moved.reason,
            next_check_on=moved.next_check_on,
            authority=moved.authority,
            proposed_by=moved.proposed_by,
            score_id=moved.score_id,
            rating=None if moved.rating is None else rating_json(moved.rating),
        )
    )


def _move(row: Row[Any]) -> CaseMoved:
    return CaseMoved(
        revision=row.move_revision,
        at=row.at,
        command=row.command,
        from_status=None if row.from_status is None else CaseStatus(row.from_status),
        to_status=CaseStatus(row.to_status),
        by=Actor(row.client_id, row.person_id),
        reason=row.reason,
        next_check_on=row.move_next_check_on,
        authority=row.move_authority,
        proposed_by=row.proposed_by,
        score_id=row.score_id,
        rating=None if row.rating is None else rating_from(row.rating),
    )


def _case(row: Row[Any]) -> Case:
    return Case(
        case_id=row.case_id,
        child_id=row.stands_as,
        referral_id=row.referral_id,
        type=ReferralType(row.type),
        opened_at=row.opened_at,
        status=CaseStatus(row.status),
        revision=row.revision,
        next_check_on=row.next_check_on,
        authority=row.authority,
        last=_move(row),
        referral_status=ReferralStatus(row.referral_status),
    )
