"""`GET /v1/referrals?updated_since=…`: what changed, for systems that keep up."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from fastapi import Request, Response
from sqlalchemy import Connection

from services.referrals.api.referral_filters import Filters
from services.referrals.api.views import ReferralList, ReferralView
from services.referrals.domain.listing import Stretch
from services.referrals.service.reading import changed_page, end_of_walk
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.paging import Page
from shared.http.service import service_of
from shared.storage.journal import Head


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a walk has come: to a referral at its newest change, on the way to where the journal
    ended when the walk began."""

    until: Head
    key: tuple[int, UUID]

    @classmethod
    def read(cls, epoch: str, until: int, position: int, referral_id: str) -> Self:
        """Out of the parts of a cursor."""
        return cls(Head(epoch, until), (position, UUID(referral_id)))


def changes(  # noqa: PLR0913  # what FastAPI hands over to the route
    request: Request,
    caller: Caller,
    connection: Connection,
    paging: Page,
    filters: Filters,
    since: Head,
    response: Response,
) -> ReferralList:
    """A page of the walk from `since` on."""
    service, limit = service_of(request), paging.limit
    walked = paging.after(Walked.read)
    until = end_of_walk(
        connection, service.database.journal, since, None if walked is None else walked.until
    )
    found = changed_page(
        connection,
        caller.sight,
        filters.wanted,
        Stretch(since.position, until.position, None if walked is None else walked.key),
        limit + 1,
    )
    if len(found) > limit:
        last = found[limit - 1]
        key = (until.epoch, until.position, last.position, str(last.referral_id))
        response.headers["Link"] = paging.next_link("/v1/referrals", key, **filters.asked)
    shown, today = found[:limit], london_date(service.clock())
    return ReferralList(
        items=[ReferralView.of(each.referral, caller, today) for each in shown if each.referral],
        gone=[each.referral_id for each in shown if each.referral is None],
        updated_until=f"{until.epoch}:{until.position}",
    )
