"""`/v1/reports`: figures that identify nobody."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.referrals.api.report_views import PublishedFigureView, ScrutinyReport
from services.referrals.api.requests import PublishedFigureRequest
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.domain.financial_year import financial_year
from services.referrals.domain.scrutiny import CountedType
from services.referrals.service.reporting import begun, publish, scrutiny
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, InvalidError, ValueRefusedError
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/reports", tags=["Reports"], route_class=StrictJsonRoute)


@router.get("/scrutiny", responses=problem_responses())
def get_scrutiny_report(
    request: Request,
    caller: Annotated[Caller, needs("reports:read")],
    connection: Connected,
    period: Annotated[
        str, Query(max_length=20, description="A financial year.", examples=["2020-21"])
    ],
    type: Annotated[  # noqa: A002  # the name that callers write
        CountedType, Query(description="Exactly this type; `both` is a type of its own.")
    ] = CountedType.ALL,
) -> ScrutinyReport:
    """How many referrals a year brought, and about whom: the service's report to its committee."""
    try:
        year = financial_year(period)
    except ValueRefusedError as refused:
        error = FieldError("/period", refused.code, str(refused), where="query")
        raise InvalidError([error]) from None
    begun(year, london_date(service_of(request).clock()), "query")
    return ScrutinyReport.of(scrutiny(connection, caller.sight, year, type))


@router.post(
    "/published-figures",
    status_code=201,
    response_model=PublishedFigureView,
    responses=problem_responses(409, 412, 413, 415),
)
def post_published_figure(
    body: PublishedFigureRequest,
    request: Annotated[Writes, writes("figures:publish")],
    if_match: IfMatch = None,
) -> Response:
    """Enter, or correct, the figure that was published for a year, such as one without records."""
    given = body.as_given(revision_in(if_match))

    def use_case(transaction: Writing) -> PublishedFigureView:
        return PublishedFigureView.of(publish(transaction, request.caller, given))

    return request.reply(use_case, etag=lambda view: f'"{view.revision}"', about=NOBODY)
