"""`/v1/cases`: open, read, list."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from services.referrals.api.cases.requests import CaseRequest
from services.referrals.api.cases.views import CaseHistory, CaseHistoryItem, CaseList, CaseView
from services.referrals.domain.cases.case import Case
from services.referrals.domain.cases.transitions import CaseStatus, allowed
from services.referrals.service.cases.moving import (
    DECIDE,
    case_history,
    case_in_sight,
    case_page,
    context_of,
    has_health,
    open_case,
)
from shared.clock import Clock
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.paging import Paging, by_id, by_revision
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/cases", tags=["Cases"], route_class=StrictJsonRoute)

READ_HEALTH = "health:read"
Reader = Annotated[Caller, needs("cases:read")]
Decides = Annotated[Writes, writes(DECIDE)]


@router.post(
    "",
    status_code=201,
    response_model=CaseView,
    responses=problem_responses(404, 409, 413, 415),
)
def post_case(body: CaseRequest, request: Decides) -> Response:
    """Open the case of an accepted referral."""

    def use_case(transaction: Writing) -> CaseView:
        case = open_case(transaction, request.caller, body.referral_id, body.reason)
        return whole(transaction.connection, request.caller, case, request.service.clock)

    return request.reply(
        use_case, location=lambda view: f"/v1/cases/{view.id}", etag=case_etag, about=A_CHILD
    )


@router.get("", responses=problem_responses())
def list_cases(  # noqa: PLR0913  # what FastAPI hands over, each by its name
    caller: Reader,
    connection: Connected,
    paging: Paging,
    response: Response,
    status: Annotated[CaseStatus | None, Query()] = None,
    child_id: Annotated[UUID | None, Query()] = None,
) -> CaseList:
    """Cases newest first, of the children that you may see."""
    found = case_page(
        connection, caller.sight, status, child_id, paging.after(by_id), paging.limit + 1
    )
    if len(found) > paging.limit:
        response.headers["Link"] = paging.next_link(
            "/v1/cases",
            [str(found[paging.limit - 1].case_id)],
            status=status,
            child_id=None if child_id is None else str(child_id),
        )
    withheld = READ_HEALTH not in caller.scopes
    return CaseList(items=[CaseView.of(case, withheld=withheld) for case in found[: paging.limit]])


@router.get("/{case_id}", responses=problem_responses(404))
def get_case(
    case_id: UUID, request: Request, caller: Reader, connection: Connected, response: Response
) -> CaseView:
    """A case as it stands, with its revision as `ETag` and what you may do next."""
    case = case_in_sight(connection, caller.sight, case_id)
    view = whole(connection, caller, case, service_of(request).clock)
    response.headers["ETag"] = case_etag(view)
    return view


@router.get("/{case_id}/history", responses=problem_responses(404))
def get_case_history(
    case_id: UUID, caller: Reader, connection: Connected, paging: Paging, response: Response
) -> CaseHistory:
    """Everything that happened to a case, from its opening on."""
    case, limit = case_in_sight(connection, caller.sight, case_id), paging.limit
    found = case_history(connection, case, paging.after(by_revision), limit + 1)
    if len(found) > limit:
        path = f"/v1/cases/{case_id}/history"
        response.headers["Link"] = paging.next_link(path, [found[limit - 1].revision])
    return CaseHistory(
        case_id=case.case_id,
        child_id=case.child_id,
        items=[CaseHistoryItem.of(moved) for moved in found[:limit]],
    )


def case_etag(view: CaseView) -> str:
    """The entity tag of a case."""
    return f'"{view.revision}"'


def whole(connection: Connection, caller: Caller, case: Case, clock: Clock) -> CaseView:
    """The view of a case with what this caller may do next."""
    context = context_of(connection, caller, case, london_date(clock()))
    return CaseView.of(
        case,
        allowed=allowed(case.status, context),
        withheld=READ_HEALTH not in caller.scopes and has_health(connection, case),
    )
