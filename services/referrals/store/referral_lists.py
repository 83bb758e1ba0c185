"""Lists of referrals: one query a page, through the one access predicate."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, literal, not_, or_, select, tuple_

from services.referrals.domain.clocks import WaitsFor
from services.referrals.domain.listing import WantedReferrals
from services.referrals.domain.referral import Referral
from services.referrals.store.referrals import case_closed, referral_of, whole_referrals
from services.referrals.tables import child, referral
from shared.access import seen_by
from shared.domain.access import Sight


def page(
    connection: Connection,
    sight: Sight,
    wanted: WantedReferrals,
    after: Sequence[date | UUID] | None,
    limit: int,
) -> list[Referral]:
    """Referrals newest first, by receipt where days of receipt are asked for, from behind the key
    `after`, at most `limit`."""
    r = referral.c
    key = (r.received_on, r.referral_id) if wanted.by_receipt else (r.referral_id,)
    newest_first = [part.desc() for part in key]
    query = select(r.referral_id).where(in_sight(sight, wanted.team), *conditions(wanted))
    if after is not None:
        query = query.where(tuple_(*key) < tuple_(*after))
    picked = query.order_by(*newest_first).limit(limit).subquery("picked")
    whole = whole_referrals().join(picked, picked.c.referral_id == r.referral_id)
    rows = connection.execute(whole.order_by(*newest_first))
    return [referral_of(row) for row in rows]


def in_sight(sight: Sight, team: str | None = None) -> ColumnElement[bool]:
    """A condition for WHERE: the child of the referral is one that the caller may see, of a team
    if one is asked for."""
    # Asked of each referral on the way. As a join, SQLite would begin with all children of a team
    # and sort all their referrals for every page.
    whose = select(child.c.child_id).where(
        child.c.child_id == referral.c.child_id, seen_by(sight, child)
    )
    if team is not None:
        whose = whose.where(child.c.team == team)
    return whose.exists()


def conditions(wanted: WantedReferrals) -> list[ColumnElement[bool]]:
    """For WHERE: what a list asks of the referral itself."""
    r = referral.c
    asked: list[ColumnElement[bool]] = [
        column == value
        for column, value in (
            (r.status, wanted.status and wanted.status.value),
            (r.type, wanted.type and wanted.type.value),
            (r.source, wanted.source and wanted.source.value),
            (r.worker, wanted.worker),
            (r.reference, wanted.reference),
            (r.duplicate_of, wanted.duplicate_of),
        )
        if value is not None
    ]
    if wanted.received_from is not None:
        asked.append(r.received_on >= wanted.received_from)
    if wanted.received_to is not None:
        asked.append(r.received_on <= wanted.received_to)
    if wanted.overdue_on is not None:
        # A clock that stands counts to the day on which it stopped, as `Clock.is_overdue` says.
        until = func.coalesce(r.paused_on, literal(wanted.overdue_on, r.due_on.type))
        asked += [r.referral_id.in_(_due(wanted.overdue_on)), r.due_on < until]
        # Nor is what waits for a worker whose case was closed, as `Referral.waiting` says.
        asked.append(or_(r.waits_for != WaitsFor.ALLOCATION.value, not_(case_closed())))
    return asked


def _due(until: date) -> Select[tuple[UUID]]:
    # By the index of what is due: few are open, among all that ever were.
    other = referral.alias("due")
    return select(other.c.referral_id).where(other.c.due_on < until)
