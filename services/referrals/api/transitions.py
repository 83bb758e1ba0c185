"""`/v1/referrals/{id}/transitions`: a person moves a referral on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.referrals.api.requests import TransitionRequest
from services.referrals.api.revisions import IfMatch, etag_of, revision_in
from services.referrals.api.views import DECIDE, ReferralView
from services.referrals.service.deciding import Order, move
from shared.http.problems import problem_responses
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/referrals", tags=["Referrals"], route_class=StrictJsonRoute)


@router.post(
    "/{referral_id}/transitions",
    status_code=201,
    response_model=ReferralView,
    responses=problem_responses(404, 409, 412, 413, 415),
)
def post_transition(
    referral_id: UUID,
    body: TransitionRequest,
    request: Annotated[Writes, writes(DECIDE)],
    if_match: IfMatch = None,
) -> Response:
    """Give a command. Decisions are a person's, with a reason and the score that was looked at."""
    order = Order(referral_id, body.command, body.as_given(), revision_in(if_match))

    def use_case(transaction: Writing) -> ReferralView:
        moved = move(transaction, request.caller, order)
        return ReferralView.of(moved, request.caller)

    return request.reply(use_case, etag=etag_of)
