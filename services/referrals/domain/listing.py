"""Which referrals a list asks for."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.referrals.domain.codes import ReferralSource
from services.referrals.domain.referral import Referral, ReferralType
from services.referrals.domain.transitions import ReferralStatus


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a system catches up with: the journal behind `since` up to `until`. `after`: position
    and referral where the page before ended."""

    since: int
    until: int
    after: tuple[int, UUID] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A referral at its newest change. None: the child has gone out of the caller's sight."""

    position: int
    referral_id: UUID
    referral: Referral | None


@dataclass(frozen=True, slots=True)
class WantedReferrals:
    """The filters of the list; None asks for all. `team` is the child's, `worker` whose work it
    is; `overdue_on`: what is late on that day."""

    status: ReferralStatus | None = None
    type: ReferralType | None = None
    source: ReferralSource | None = None
    team: str | None = None
    worker: str | None = None
    received_from: date | None = None
    received_to: date | None = None
    overdue_on: date | None = None
    reference: str | None = None
    duplicate_of: UUID | None = None

    @property
    def by_receipt(self) -> bool:
        """Whether days of receipt are asked for: then the list is in their order."""
        return self.received_from is not None or self.received_to is not None
