"""Reading referrals. Absent and out of sight are one answer: not found."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from services.referrals.domain.allocations import Caseload
from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import Moved, ReferralStatus
from services.referrals.store import caseloads, history, referrals
from shared.domain.access import Sight
from shared.domain.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list; `after` continues it, None at its end."""

    referrals: list[Referral]
    after: UUID | None


def referral_in_sight(
    connection: Connection, sight: Sight, referral_id: UUID, *, lock: bool = False
) -> Referral:
    """A referral; with `lock` nobody else moves it until the transaction ends.

    Raises:
        NotFoundError: it is absent or out of sight.
    """
    if lock:
        referrals.lock(connection, {referral_id})
    found = referrals.seen(connection, referral_id, sight)
    if found is None:
        raise NotFoundError("There is no such referral, or it is outside what you may see.")
    return found


def referral_page(
    connection: Connection,
    sight: Sight,
    status: ReferralStatus | None,
    after: UUID | None,
    limit: int,
) -> Page:
    """Referrals newest first, from behind `after`, at most `limit`."""
    found = referrals.page(connection, sight, status, after, limit + 1)
    more = len(found) > limit
    return Page(found[:limit], found[limit - 1].referral_id if more else None)


def history_of(connection: Connection, referral: Referral) -> list[Moved]:
    """Every move of a referral, first to last."""
    return history.moves_of(connection, referral.referral_id)


def caseload_page(
    connection: Connection, sight: Sight, team: str | None, after: str | None, limit: int
) -> list[Caseload]:
    """Workers with open work, by name, from behind `after`, at most `limit`."""
    return caseloads.page(connection, sight, team, after, limit)
