"""How much work each worker has: counted under the one access predicate."""

from sqlalchemy import Connection, func, or_, select

from services.referrals.domain.allocations import Caseload
from services.referrals.domain.cases.transitions import CaseStatus
from services.referrals.tables import child, child_case, referral
from shared.access import seen_by
from shared.domain.access import Sight


def page(
    connection: Connection, sight: Sight, team: str | None, after: str | None, limit: int
) -> list[Caseload]:
    """Workers with open work, by name, from behind `after`."""
    query = (
        select(referral.c.worker, func.count())
        .join(child, child.c.child_id == referral.c.child_id)
        .outerjoin(child_case, child_case.c.referral_id == referral.c.referral_id)
        .where(
            referral.c.worker.is_not(None),
            or_(child_case.c.status.is_(None), child_case.c.status != CaseStatus.CLOSED.value),
            seen_by(sight, child),
        )
        .group_by(referral.c.worker)
        .order_by(referral.c.worker)
        .limit(limit)
    )
    if team is not None:
        query = query.where(referral.c.worker_team == team)
    if after is not None:
        query = query.where(referral.c.worker > after)
    return [Caseload(worker, count) for worker, count in connection.execute(query)]
