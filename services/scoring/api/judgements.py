"""Judgements: a professional's word beside the score, with a reason and an end. DESIGN 2 and 4."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import ConfigDict, Field

from services.scoring.api.base import View
from services.scoring.api.judgement_view import JudgementView
from services.scoring.api.requests import Strict, Word
from services.scoring.domain.judgements import ReasonCode
from services.scoring.service.judging import (
    Given,
    Which,
    confirm,
    judge,
    read_judgements,
    withdraw,
)
from services.scoring.service.weights import Weights
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.fields import CalendarDate, WrittenReason
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(
    prefix="/v1/children/{child_id}/judgements", route_class=StrictJsonRoute, tags=["judgements"]
)

ChildId = Annotated[UUID, Path(description="the child's id in this tracker")]


class JudgementRequest(Strict):
    """What you judge, beside which score, why, and when it has to be looked at again."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "score_id": "01890000-0000-7000-8000-000000000000",
                    "band": "category_2",
                    "reason_code": "other_information",
                    "reason": "The school and the family describe a week without contact.",
                    "until": "2026-12-24",
                }
            ]
        }
    )

    score_id: Annotated[UUID, Field(strict=False, description="the stored score you looked at")]
    band: Annotated[Word, Field(description="a band of the model in force")]
    reason_code: Annotated[ReasonCode, Field(strict=False)]
    reason: WrittenReason
    until: Annotated[
        CalendarDate,
        Field(strict=False, description="the first day on which it no longer stands (London)"),
    ]


class WhyRequest(Strict):
    """Why, in words."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "Read with the worker; the plan covers each point of concern."}]
        }
    )

    reason: WrittenReason


class JudgementList(View):
    """A child's judgements, the latest first."""

    child_id: UUID
    items: list[JudgementView]


@router.post(
    "",
    status_code=201,
    response_model=JudgementView,
    responses=problem_responses(404, 409, 413, 415),
    summary="Judge beside a score",
)
def post_judgement(
    request: Request,
    child_id: ChildId,
    body: JudgementRequest,
    write: Annotated[Writes, writes("judgements:write")],
) -> Response:
    """The score stays. Below a floor that has fired, a second person has to confirm it first."""
    weights: Weights = request.app.state.weights
    given = Given(body.score_id, body.band, body.reason_code, body.reason, body.until)

    def use_case(transaction: Writing) -> JudgementView:
        return JudgementView.of(judge(transaction, weights, write.caller, child_id, given))

    return write.reply(use_case, about=A_CHILD)


@router.post(
    "/{judgement_id}/confirmation",
    status_code=201,
    response_model=JudgementView,
    responses=problem_responses(404, 409, 413, 415),
    summary="Confirm another person's judgement",
)
def post_confirmation(
    request: Request,
    child_id: ChildId,
    judgement_id: UUID,
    body: WhyRequest,
    write: Annotated[Writes, writes("judgements:write")],
) -> Response:
    """It stands from now on."""
    weights: Weights = request.app.state.weights

    def use_case(transaction: Writing) -> JudgementView:
        which = Which(child_id, judgement_id)
        return JudgementView.of(confirm(transaction, weights, write.caller, which, body.reason))

    return write.reply(use_case, about=A_CHILD)


@router.post(
    "/{judgement_id}/withdrawal",
    status_code=201,
    response_model=JudgementView,
    responses=problem_responses(404, 409, 413, 415),
    summary="End a judgement early",
)
def post_withdrawal(
    request: Request,
    child_id: ChildId,
    judgement_id: UUID,
    body: WhyRequest,
    write: Annotated[Writes, writes("judgements:write")],
) -> Response:
    """The score stands by itself again."""
    weights: Weights = request.app.state.weights

    def use_case(transaction: Writing) -> JudgementView:
        which = Which(child_id, judgement_id)
        return JudgementView.of(withdraw(transaction, weights, write.caller, which, body.reason))

    return write.reply(use_case, about=A_CHILD)


@router.get("", responses=problem_responses(303, 404), summary="A child's judgements")
def get_judgements(
    caller: Annotated[Caller, needs("scores:read")],
    connection: Connected,
    child_id: ChildId,
    page: Paging,
    response: Response,
) -> JudgementList:
    """Who judged what, when and why, beside which score; and what followed."""
    found = read_judgements(connection, caller, child_id, page.after(by_id), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        key = [str(shown[-1].judgement.judgement_id)]
        response.headers["Link"] = page.next_link(f"/v1/children/{child_id}/judgements", key)
    return JudgementList(child_id=child_id, items=[JudgementView.of(each) for each in shown])
