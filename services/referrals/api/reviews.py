"""`/v1/children/{id}/reviews`: a named person looked at the child's risk."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from services.referrals.api.fields import LongReason
from services.referrals.api.requests import Asked
from services.referrals.api.views import View
from services.referrals.domain.risk import Review
from services.referrals.service.risk import review, reviews
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(
    prefix="/v1/children/{child_id}/reviews", tags=["Risk list"], route_class=StrictJsonRoute
)


class ReviewRequest(Asked):
    """A look: which score, and what was seen."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"score_id": None, "note": "Nothing new since Monday; the walk on Friday stands."}
            ]
        }
    )

    score_id: Annotated[
        UUID | None, Field(description="The score that was looked at; null states that none was.")
    ]
    note: LongReason


class ReviewView(View):
    """A recorded look."""

    id: UUID
    child_id: UUID
    on: date
    recorded_at: datetime
    by: Annotated[str, Field(description="The person.", examples=["p-0001"])]
    score_id: UUID | None
    note: str

    @classmethod
    def of(cls, found: Review) -> Self:
        """The view of a review."""
        return cls(
            id=found.review_id,
            child_id=found.child_id,
            on=found.on_day,
            recorded_at=found.at,
            by=found.person_id,
            score_id=found.score_id,
            note=found.note,
        )


class ReviewList(View):
    """Reviews of a child, newest first."""

    items: list[ReviewView]


@router.post(
    "", status_code=201, response_model=ReviewView, responses=problem_responses(404, 409, 413, 415)
)
def post_review(
    child_id: UUID, body: ReviewRequest, request: Annotated[Writes, writes("risk:review")]
) -> Response:
    """Record that you looked. The clock of the review starts again; nothing else follows."""

    def use_case(transaction: Writing) -> ReviewView:
        return ReviewView.of(
            review(transaction, request.caller, child_id, body.score_id, body.note)
        )

    return request.reply(use_case, about=A_CHILD)


@router.get("", responses=problem_responses(303, 404))
def list_reviews(
    child_id: UUID,
    caller: Annotated[Caller, needs("risk:read")],
    connection: Connected,
    paging: Paging,
    response: Response,
) -> ReviewList:
    """Who looked, when, at which score, newest first."""
    found = reviews(connection, caller.sight, child_id, paging.after(by_id), paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1].review_id
        response.headers["Link"] = paging.next_link(f"/v1/children/{child_id}/reviews", [str(last)])
    return ReviewList(items=[ReviewView.of(each) for each in found[: paging.limit]])
