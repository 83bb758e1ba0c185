"""`/v1/referrals/{id}/screenings`: screening tools as professionals filled them in."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field
from sqlalchemy import Connection

from services.referrals.api import examples
from services.referrals.api.fields import LongReason
from services.referrals.api.requests import ScreeningGiven
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.api.views import View
from services.referrals.domain.screening import ScreeningRevision
from services.referrals.service.reading import referral_in_sight
from services.referrals.service.screening import (
    Correction,
    correct,
    screen,
    screening_page,
)
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(
    prefix="/v1/referrals/{referral_id}/screenings", tags=["Referrals"], route_class=StrictJsonRoute
)

Sends = Annotated[Writes, writes("referrals:write")]


class ScreeningCorrection(ScreeningGiven):
    """What the tool really says, whole: what is left out isn't answered any more."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SCREENING_CORRECTION]})

    reason: LongReason


class AnsweredView(View):
    """An answer under an observation code."""

    code: str
    answer: str


class ScreeningView(View):
    """A screening as it stands."""

    id: UUID
    referral_id: UUID
    child_id: UUID
    revision: Annotated[int, Field(description="Its ETag, as a number.")]
    tool: str
    observed_on: date
    answers: list[AnsweredView]
    recorded_at: datetime
    by: Annotated[str, Field(description="The person, else the sending system.")]
    reason: Annotated[str | None, Field(description="Why it was corrected.")]

    @classmethod
    def of(cls, found: ScreeningRevision, child_id: UUID) -> Self:
        """The view of a screening."""
        return cls(
            id=found.screening_id,
            referral_id=found.referral_id,
            child_id=child_id,
            revision=found.revision,
            tool=found.screening.tool,
            observed_on=found.screening.observed_on,
            answers=[
                AnsweredView(code=each.code, answer=each.answer) for each in found.screening.answers
            ],
            recorded_at=found.at,
            by=found.by.person_id or found.by.client_id,
            reason=found.reason,
        )


class ScreeningList(View):
    """A page of screenings, newest first. The `Link` header leads to the next one."""

    referral_id: UUID
    child_id: UUID
    items: list[ScreeningView]


@router.get("", responses=problem_responses(404))
def list_screenings(
    referral_id: UUID,
    caller: Annotated[Caller, needs("referrals:read")],
    connection: Connected,
    paging: Paging,
    response: Response,
) -> ScreeningList:
    """The screenings of a referral as they stand, newest first."""
    after, limit = paging.after(by_id), paging.limit
    child_id, found = screening_page(connection, caller.sight, referral_id, after, limit + 1)
    if len(found) > limit:
        last = str(found[limit - 1].screening_id)
        path = f"/v1/referrals/{referral_id}/screenings"
        response.headers["Link"] = paging.next_link(path, [last])
    items = [ScreeningView.of(each, child_id) for each in found[:limit]]
    return ScreeningList(referral_id=referral_id, child_id=child_id, items=items)


@router.post(
    "", status_code=201, response_model=ScreeningView, responses=problem_responses(404, 413, 415)
)
def post_screening(referral_id: UUID, body: ScreeningGiven, request: Sends) -> Response:
    """Add a screening to a referral. Its answers count in the child's score like any other
    statement; codes are those of `GET /v1/codes`."""

    def use_case(transaction: Writing) -> ScreeningView:
        new = screen(transaction, request.caller, referral_id, body.as_given())
        return ScreeningView.of(new, _child(transaction.connection, request.caller, referral_id))

    return request.reply(use_case, etag=_etag, about=A_CHILD)


@router.post(
    "/{screening_id}/corrections",
    status_code=201,
    response_model=ScreeningView,
    responses=problem_responses(404, 412, 413, 415),
)
def post_screening_correction(
    referral_id: UUID,
    screening_id: UUID,
    body: ScreeningCorrection,
    request: Sends,
    if_match: IfMatch = None,
) -> Response:
    """Put these answers in place of the ones before, with a reason. The earlier ones are kept."""
    said = Correction(screening_id, body.as_given(), body.reason, revision_in(if_match))

    def use_case(transaction: Writing) -> ScreeningView:
        caller = request.caller
        after = correct(transaction, caller, referral_id, said)
        return ScreeningView.of(after, _child(transaction.connection, caller, referral_id))

    return request.reply(use_case, etag=_etag, about=A_CHILD)


def _etag(view: ScreeningView) -> str:
    return f'"{view.revision}"'


def _child(connection: Connection, caller: Caller, referral_id: UUID) -> UUID:
    return referral_in_sight(connection, caller.sight, referral_id).child_id
