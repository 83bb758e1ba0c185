"""Referrals that are duplicates of others about the same child: rows <-> domain."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, and_, or_, select

from services.referrals.domain.cases.transitions import CaseStatus
from services.referrals.domain.transitions import ReferralStatus
from services.referrals.store.children import is_of
from services.referrals.tables import child, child_case, referral


def other_of(
    connection: Connection, referral_id: UUID, child_id: UUID
) -> tuple[ReferralStatus, CaseStatus | None] | None:
    """The status of a referral about this child, and of its case; None if there is no such."""
    row = connection.execute(
        select(referral.c.status, child_case.c.status.label("case_status"))
        .join(child, child.c.child_id == referral.c.child_id)
        .outerjoin(child_case, child_case.c.referral_id == referral.c.referral_id)
        .where(referral.c.referral_id == referral_id, is_of(child_id))
    ).one_or_none()
    if row is None:
        return None
    case = None if row.case_status is None else CaseStatus(row.case_status)
    return ReferralStatus(row.status), case


def has_duplicates(connection: Connection, referral_id: UUID) -> bool:
    """Whether others are duplicates of this one."""
    query = select(referral.c.referral_id).where(referral.c.duplicate_of == referral_id).limit(1)
    return connection.execute(query).first() is not None


def between(connection: Connection, one: Collection[UUID], other: Collection[UUID]) -> list[UUID]:
    """The referrals made under some records that are duplicates of one made under others, and the
    other way round."""
    stays = referral.alias("stays")
    query = (
        select(referral.c.referral_id)
        .join(stays, stays.c.referral_id == referral.c.duplicate_of)
        .where(
            or_(
                and_(referral.c.child_id.in_(one), stays.c.child_id.in_(other)),
                and_(referral.c.child_id.in_(other), stays.c.child_id.in_(one)),
            )
        )
        .order_by(referral.c.referral_id)
    )
    return list(connection.execute(query).scalars())
