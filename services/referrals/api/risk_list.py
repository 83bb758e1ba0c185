"""`/v1/risk-list`: whom to look at first. It orders; a person decides."""

from datetime import date, datetime, time
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.referrals.api.fields import Day
from services.referrals.api.reviews import ReviewView
from services.referrals.api.views import RatingView, View
from services.referrals.domain.rating import in_words
from services.referrals.domain.risk import NONE, Listed, Wanted
from services.referrals.service.risk import risk_counts, risk_page
from shared.contracts.caller import Caller
from shared.domain.london import LONDON, london_date
from shared.http.callers import needs
from shared.http.paging import Paging
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(prefix="/v1/risk-list", tags=["Risk list"], route_class=StrictJsonRoute)

Reader = Annotated[Caller, needs("risk:read")]


class RiskItem(View):
    """A child in the list: never a name."""

    child_id: UUID
    team: str | None
    band: Annotated[
        str | None,
        Field(
            description="In force: the judgement's, else the score's. Null is not known, not low."
        ),
    ]
    rating: RatingView | None
    rating_in_words: Annotated[str, Field(examples=["no score yet"])]
    cause: Annotated[
        str | None,
        Field(
            description="What made the rating change: evidence, ageing, correction, model or "
            "judgement."
        ),
    ]
    changed_at: Annotated[datetime | None, Field(description="When the band in force changed.")]
    review_within: Annotated[str | None, Field(examples=["P84D"])]
    review_due_on: date | None
    review_overdue: bool
    last_review: ReviewView | None

    @classmethod
    def of(cls, listed: Listed, today: date) -> Self:
        """The view of a child in the list."""
        standing = listed.standing
        due = standing.review_due_on
        return cls(
            child_id=listed.child_id,
            team=listed.team,
            band=standing.band,
            rating=RatingView.of(listed.rating),
            rating_in_words=in_words(listed.rating),
            cause=None if listed.rating is None else listed.rating.cause,
            changed_at=standing.changed_at,
            review_within=standing.review_within,
            review_due_on=due,
            review_overdue=due is not None and due < today,
            last_review=None if listed.last_review is None else ReviewView.of(listed.last_review),
        )


class RiskList(View):
    """A page of the list: the highest band first, then children without a band, then the other
    bands. The `Link` header leads to the next page."""

    items: list[RiskItem]


class RiskCountItem(View):
    """How many children are in a band."""

    band: Annotated[str | None, Field(description="Null: without a band, which is not low.")]
    children: int
    overdue: Annotated[int, Field(description="Whose review is overdue.")]


class RiskCounts(View):
    """Children that you may see, by band, most urgent first."""

    children: int
    items: list[RiskCountItem]


@router.get("", responses=problem_responses())
def get_risk_list(  # noqa: PLR0913  # what FastAPI hands over, each by its name
    request: Request,
    caller: Reader,
    connection: Connected,
    paging: Paging,
    response: Response,
    band: Annotated[
        str | None,
        Query(max_length=60, description=f"The band in force; `{NONE}`: those without one."),
    ] = None,
    team: Annotated[str | None, Query(max_length=60, pattern=r"^[a-z0-9][a-z0-9_-]*$")] = None,
    changed_since: Annotated[
        Day | None, Query(description="The band in force changed on this day or later.")
    ] = None,
    not_reviewed_since: Annotated[
        Day | None, Query(description="Nobody has reviewed on this day or later.")
    ] = None,
    overdue: Annotated[bool, Query(description="Only those whose review is overdue.")] = False,
) -> RiskList:
    """Children that you may see, most urgent first."""
    today = london_date(service_of(request).clock())
    since = None
    if changed_since is not None:
        since = datetime.combine(changed_since, time.min, LONDON)
    wanted = Wanted(band, team, since, not_reviewed_since, today if overdue else None)
    after = paging.after(_key)
    found = risk_page(connection, caller.sight, wanted, after, paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1]
        response.headers["Link"] = paging.next_link(
            "/v1/risk-list",
            (last.standing.place, str(last.child_id)),
            band=band,
            team=team,
            changed_since=None if changed_since is None else changed_since.isoformat(),
            not_reviewed_since=None
            if not_reviewed_since is None
            else not_reviewed_since.isoformat(),
            overdue="true" if overdue else None,
        )
    return RiskList(items=[RiskItem.of(each, today) for each in found[: paging.limit]])


@router.get("/counts", responses=problem_responses())
def get_risk_counts(request: Request, caller: Reader, connection: Connected) -> RiskCounts:
    """How many children that you may see are in each band."""
    today = london_date(service_of(request).clock())
    found = risk_counts(connection, caller.sight, today)
    return RiskCounts(
        children=sum(each.children for each in found),
        items=[
            RiskCountItem(band=each.band, children=each.children, overdue=each.overdue)
            for each in found
        ],
    )


def _key(place: int, child_id: str) -> tuple[int, UUID]:
    return place, UUID(child_id)
