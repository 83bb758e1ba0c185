"""`/v1/caseloads`: how much work each worker has."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.referrals.api.views import View
from services.referrals.service.reading import caseload_page
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.paging import Paging
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(prefix="/v1/caseloads", tags=["Referrals"], route_class=StrictJsonRoute)


class CaseloadItem(View):
    """A worker's open work, as far as you may see it."""

    worker: str
    referrals: int


class CaseloadList(View):
    """A page of workers who have any. The `Link` header leads to the next one."""

    items: list[CaseloadItem]


@router.get("", responses=problem_responses())
def list_caseloads(
    caller: Annotated[Caller, needs("referrals:read")],
    connection: Connected,
    paging: Paging,
    response: Response,
    team: Annotated[
        str | None,
        Query(
            max_length=60,
            pattern=r"^[a-z0-9][a-z0-9_-]*$",
            description="The team that the workers are in.",
        ),
    ] = None,
) -> CaseloadList:
    """How many referrals are allocated to each worker, whose case (if there is one yet) isn't
    closed; of children that you may see."""
    after = paging.after(str)
    found = caseload_page(connection, caller.sight, team, after, paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1]
        response.headers["Link"] = paging.next_link("/v1/caseloads", [last.worker], team=team)
    return CaseloadList(
        items=[
            CaseloadItem(worker=each.worker, referrals=each.referrals)
            for each in found[: paging.limit]
        ]
    )
