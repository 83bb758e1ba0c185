"""`/v1/referrals`: take in, read, list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from pydantic import SkipValidation

from services.referrals.api.history_views import (
    AllocationHistory,
    AllocationView,
    HistoryItem,
    ReferralHistory,
)
from services.referrals.api.referral_changes import changes
from services.referrals.api.referral_filters import ReferralFilters
from services.referrals.api.requests import ReferralRequest
from services.referrals.api.revisions import etag_of
from services.referrals.api.timings import LocalTimings
from services.referrals.api.views import SENT, ReferralList, ReferralView
from services.referrals.api.whole import read_referral
from services.referrals.service.reading import (
    allocations_of,
    history_of,
    referral_in_sight,
    referral_page,
)
from services.referrals.service.receiving import receive
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.paging import Paging, by_revision
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/referrals", tags=["Referrals"], route_class=StrictJsonRoute)

Reader = Annotated[Caller, needs("referrals:read")]


@router.post(
    "",
    status_code=201,
    response_model=ReferralView,
    responses=problem_responses(404, 409, 413, 415),
)
def post_referral(
    body: Annotated[SkipValidation[ReferralRequest], Body()],
    request: Annotated[Writes, writes("referrals:write")],
    timings: LocalTimings,
) -> Response:
    """Take in a concern about a child. It is stored before the answer leaves."""
    today = london_date(request.service.clock())
    given = read_referral(body, today).as_given()

    def use_case(transaction: Writing) -> ReferralView:
        referral, in_sight = receive(transaction, request.caller, given, timings)
        return ReferralView.of(referral, request.caller, today, child_in_sight=in_sight)

    return request.reply(
        use_case,
        location=lambda view: f"/v1/referrals/{view.id}",
        etag=etag_of,
        about=SENT,
    )


@router.get("", responses=problem_responses(410))
def list_referrals(  # noqa: PLR0913  # what FastAPI hands over, each by its name
    request: Request,
    caller: Reader,
    connection: Connected,
    paging: Paging,
    filters: ReferralFilters,
    response: Response,
) -> ReferralList:
    """Referrals of the children that you may see: newest first, with `received_from` or
    `received_to` by day of receipt; or with `updated_since` in the order of their changes, for
    systems that keep up."""
    if filters.since is not None:
        given = (request, caller, connection, paging, filters, filters.since, response)
        return changes(*given)
    wanted, limit = filters.wanted, paging.limit
    found = referral_page(connection, caller.sight, wanted, filters.behind(paging), limit + 1)
    if len(found) > limit:
        key = filters.key_of(found[limit - 1])
        response.headers["Link"] = paging.next_link("/v1/referrals", key, **filters.asked)
    today = london_date(service_of(request).clock())
    return ReferralList(items=[ReferralView.of(each, caller, today) for each in found[:limit]])


@router.get("/{referral_id}", responses=problem_responses(404))
def get_referral(
    referral_id: UUID, request: Request, caller: Reader, connection: Connected, response: Response
) -> ReferralView:
    """A referral as it stands, with its revision as `ETag`."""
    today = london_date(service_of(request).clock())
    view = ReferralView.of(referral_in_sight(connection, caller.sight, referral_id), caller, today)
    response.headers["ETag"] = etag_of(view)
    return view


@router.get("/{referral_id}/history", responses=problem_responses(404))
def get_history(
    referral_id: UUID, caller: Reader, connection: Connected, paging: Paging, response: Response
) -> ReferralHistory:
    """Everything that happened to a referral, from its receipt on."""
    referral, limit = referral_in_sight(connection, caller.sight, referral_id), paging.limit
    after = paging.after(by_revision)
    found = history_of(connection, caller.sight, referral, after, limit + 1)
    if len(found) > limit:
        path = f"/v1/referrals/{referral_id}/history"
        response.headers["Link"] = paging.next_link(path, [found[limit - 1].revision])
    return ReferralHistory(
        referral_id=referral.referral_id,
        child_id=referral.child_id,
        items=[HistoryItem.of(moved) for moved in found[:limit]],
    )


@router.get("/{referral_id}/allocations", responses=problem_responses(404))
def get_allocations(
    referral_id: UUID, caller: Reader, connection: Connected, paging: Paging, response: Response
) -> AllocationHistory:
    """Whose work the referral was, from when to when."""
    referral, limit = referral_in_sight(connection, caller.sight, referral_id), paging.limit
    found = allocations_of(connection, referral, paging.after(by_revision), limit + 1)
    if len(found) > limit:
        path = f"/v1/referrals/{referral_id}/allocations"
        response.headers["Link"] = paging.next_link(path, [found[limit - 1].move.revision])
    return AllocationHistory(
        referral_id=referral.referral_id,
        child_id=referral.child_id,
        items=[AllocationView.of(each) for each in found[:limit]],
    )
