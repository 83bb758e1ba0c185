"""Lists of referrals: one query a page, through the one access predicate."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, func, literal, select

from services.referrals.domain.listing import WantedReferrals
from services.referrals.domain.referral import Referral
from services.referrals.store.referrals import referral_of, whole_referrals
from services.referrals.tables import child, referral
from shared.access import seen_by
from shared.domain.access import Sight


def page(
    connection: Connection, sight: Sight, wanted: WantedReferrals, after: UUID | None, limit: int
) -> list[Referral]:
    """Referrals newest first, from behind `after`, at most `limit`."""
    query = (
        select(referral.c.referral_id)
        .where(in_sight(sight, wanted.team), *conditions(wanted))
        .order_by(referral.c.referral_id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(referral.c.referral_id < after)
    picked = query.subquery("picked")
    whole = whole_referrals().join(picked, picked.c.referral_id == referral.c.referral_id)
    rows = connection.execute(whole.order_by(referral.c.referral_id.desc()))
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
    return asked


def _due(until: date) -> Select[tuple[UUID]]:
    # By the index of what is due: few are open, among all that ever were.
    other = referral.alias("due")
    return select(other.c.referral_id).where(other.c.due_on < until)
