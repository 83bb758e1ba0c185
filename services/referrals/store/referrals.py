"""Referrals: rows <-> domain. Every read goes through the one access predicate."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from services.referrals.domain.cases.transitions import CaseStatus
from services.referrals.domain.clocks import Clock, WaitsFor
from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.commands import SignpostOutcome
from services.referrals.domain.referral import Previous, Referral, ReferralType
from services.referrals.domain.risk import is_high
from services.referrals.domain.transitions import Gate, Moved, ReferralStatus
from services.referrals.store.children import STANDS_AS, SURVIVOR, is_of
from services.referrals.store.history import MOVE, add_move, move_of
from services.referrals.store.ratings import rating_from
from services.referrals.tables import (
    case_history,
    child,
    child_case,
    referral,
    referral_history,
)
from shared.access import seen_by
from shared.domain.access import Sight


def add(connection: Connection, new: Referral, record_id: UUID, entry_id: UUID) -> None:
    """Store a new referral with the first row of its history. `record_id`: the record of the
    child that it was made under, which may be a merged one."""
    connection.execute(
        insert(referral).values(
            referral_id=new.referral_id,
            reference=new.reference,
            child_id=record_id,
            type=new.type.value,
            source=new.source.value,
            source_ref=new.source_ref,
            received_on=new.received_on,
            recorded_at=new.recorded_at,
            summary=new.summary,
            looked_after=new.looked_after,
            age_at_referral=new.age_at_referral,
            looked_after_at_referral=new.looked_after_at_referral,
            over_18_reason=new.over_18_reason,
            differing_details=dict(new.differing_details),
            status=new.status.value,
            revision=new.revision,
            status_revision=new.revision,
            **_clock_columns(new.clock),
        )
    )
    add_move(connection, new.referral_id, new.last, entry_id)


def save_move(connection: Connection, after: Referral, made: Moved, entry_id: UUID) -> None:
    """Store a referral as it stands after a move, and the move."""
    connection.execute(
        update(referral)
        .where(referral.c.referral_id == after.referral_id)
        .values(
            status=after.status.value,
            revision=after.revision,
            status_revision=after.last.revision,
            duplicate_of=after.last.duplicate_of,
            proposed_by=after.gate.proposed_by,
            worker=after.worker,
            worker_team=after.worker_team,
            outcome=after.outcome,
            **_clock_columns(after.clock),
        )
    )
    add_move(connection, after.referral_id, made, entry_id)


def seen(connection: Connection, referral_id: UUID, sight: Sight) -> Referral | None:
    """A referral, unless absent or about a child out of sight."""
    query = whole_referrals().where(referral.c.referral_id == referral_id, seen_by(sight, child))
    row = connection.execute(query).one_or_none()
    return None if row is None else referral_of(row)


def lock(connection: Connection, referral_ids: Collection[UUID]) -> None:
    """Lock the rows of referrals that are there, and hold the records of their children: what is
    read next stays so until the end, and so does whose child it is and who may see the child."""
    query = select(referral.c.referral_id).where(referral.c.referral_id.in_(referral_ids))
    connection.execute(query.order_by(referral.c.referral_id).with_for_update())
    records = select(referral.c.child_id).where(referral.c.referral_id.in_(referral_ids))
    held = select(child.c.child_id).where(child.c.child_id.in_(records)).order_by(child.c.child_id)
    # As the foreign key of a new case does, after the referral too: nobody waits in a ring.
    connection.execute(held.with_for_update(read=True))


def in_sight(connection: Connection, sight: Sight, referral_ids: Collection[UUID]) -> set[UUID]:
    """Those of the referrals that a reader may see."""
    if not referral_ids:
        return set()
    query = (
        select(referral.c.referral_id)
        .join(child, child.c.child_id == referral.c.child_id)
        .where(referral.c.referral_id.in_(referral_ids), seen_by(sight, child))
    )
    return set(connection.execute(query).scalars())


def previous_of(connection: Connection, child_id: UUID, before: date) -> Previous | None:
    """The latest referral of a child that was received until that day."""
    row = connection.execute(
        select(referral.c.referral_id, referral.c.received_on)
        .join(child, child.c.child_id == referral.c.child_id)
        .where(
            is_of(child_id),
            referral.c.status != ReferralStatus.DUPLICATE.value,
            referral.c.received_on <= before,
        )
        .order_by(referral.c.received_on.desc(), referral.c.referral_id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Previous(*row)


_first, _before = referral_history.alias("first"), referral.alias("before")
_record = child.alias("record")


def _previous(column: ColumnElement[Any]) -> ScalarSelect[Any]:
    """Of the same child's referral before this one, looked up for the rows of an answer alone."""
    day = (_before.c.received_on, _before.c.referral_id)
    return (
        select(column)
        .join(_record, _record.c.child_id == _before.c.child_id)
        .where(
            or_(
                _record.c.child_id == STANDS_AS.element, _record.c.survivor_id == STANDS_AS.element
            ),
            _before.c.status != ReferralStatus.DUPLICATE.value,
            tuple_(*day) < tuple_(referral.c.received_on, referral.c.referral_id),
        )
        .order_by(*(part.desc() for part in day))
        .limit(1)
        .correlate(referral, child)
        .scalar_subquery()
    )


def case_closed() -> ColumnElement[bool]:
    """Whether the case of a referral was closed since the referral came to its status, and still
    is."""
    came, case_move = referral_history.alias("came"), case_history.alias("case_move")
    return (
        exists()
        .where(
            child_case.c.referral_id == referral.c.referral_id,
            child_case.c.status == CaseStatus.CLOSED.value,
            case_move.c.case_id == child_case.c.case_id,
            case_move.c.revision == child_case.c.revision,
            came.c.referral_id == referral.c.referral_id,
            came.c.revision == referral.c.status_revision,
            case_move.c.at >= came.c.at,
        )
        .correlate(referral)
    )


def whole_referrals() -> Select[Any]:
    """Referrals with every column that `referral_of` reads. Which of them the caller may see is for
    the query to say."""
    last = and_(
        referral_history.c.referral_id == referral.c.referral_id,
        referral_history.c.revision == referral.c.status_revision,
    )
    return (
        select(
            referral,
            STANDS_AS,
            # Of a merged record the survivor's: there the child stands in the risk list.
            func.coalesce(SURVIVOR.c.risk_place, child.c.risk_place).label("place"),
            func.coalesce(SURVIVOR.c.rated_on, child.c.rated_on).label("rated_on"),
            _first.c.rating.label("first_rating"),
            exists()
            .where(
                child_case.c.referral_id == referral.c.referral_id,
                child_case.c.status != CaseStatus.CLOSED.value,
            )
            .label("case_open"),
            case_closed().label("case_closed"),
            _previous(_before.c.referral_id).label("previous_id"),
            _previous(_before.c.received_on).label("previous_received_on"),
            *MOVE,
        )
        .join(child, child.c.child_id == referral.c.child_id)
        .outerjoin(SURVIVOR, SURVIVOR.c.child_id == child.c.survivor_id)
        .join(referral_history, last)
        .join(_first, and_(_first.c.referral_id == referral.c.referral_id, _first.c.revision == 1))
    )


def _clock_columns(clock: Clock | None) -> dict[str, Any]:
    if clock is None:
        return {"waits_for": None, "due_on": None, "paused_on": None}
    return {
        "waits_for": clock.waits_for.value,
        "due_on": clock.due_on,
        "paused_on": clock.paused_on,
    }


def referral_of(row: Row[Any]) -> Referral:
    """A referral out of a row of `whole_referrals`."""
    return Referral(
        referral_id=row.referral_id,
        reference=row.reference,
        child_id=row.stands_as,
        type=ReferralType(row.type),
        source=ReferralSource(row.source),
        source_ref=row.source_ref,
        received_on=row.received_on,
        recorded_at=row.recorded_at,
        summary=row.summary,
        looked_after=row.looked_after,
        age_at_referral=row.age_at_referral,
        looked_after_at_referral=row.looked_after_at_referral,
        over_18_reason=row.over_18_reason,
        differing_details=row.differing_details,
        status=ReferralStatus(row.status),
        revision=row.revision,
        last=move_of(row),
        clock=None
        if row.waits_for is None
        else Clock(WaitsFor(row.waits_for), row.due_on, row.paused_on),
        gate=Gate(is_high(row.place, row.rated_on), row.proposed_by, bool(row.case_open)),
        worker=row.worker,
        worker_team=row.worker_team,
        outcome=None if row.outcome is None else SignpostOutcome(row.outcome),
        rating_at_referral=None if row.first_rating is None else rating_from(row.first_rating),
        previous=None
        if row.previous_id is None
        else Previous(row.previous_id, row.previous_received_on),
        case_closed=bool(row.case_closed),
    )
