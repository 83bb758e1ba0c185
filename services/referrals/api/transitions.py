"""`/v1/referrals/{id}/transitions`: what may be done with a referral next, and doing it."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.requests import TransitionRequest
from services.referrals.api.revisions import IfMatch, etag_of, revision_in
from services.referrals.api.timings import LocalTimings
from services.referrals.api.views import ReferralView, View
from services.referrals.domain.obstacles import IllegalTransitionError, Obstacle
from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import (
    DEMANDS,
    TRANSITIONS,
    By,
    ReferralCommand,
    ReferralStatus,
    obstacle,
    possible_in,
)
from services.referrals.service.acting import DECIDE, mover
from services.referrals.service.deciding import Order, move
from services.referrals.service.reading import referral_in_sight
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/referrals", tags=["Referrals"], route_class=StrictJsonRoute)


class WhyNot(View):
    """What keeps you from giving a command."""

    code: Annotated[str, Field(examples=["illegal_transition"])]
    message: str
    possible_in: Annotated[
        list[ReferralStatus], Field(description="The statuses in which it may be given.")
    ]

    @classmethod
    def of(cls, found: Obstacle, command: ReferralCommand) -> Self:
        """The view of an obstacle."""
        wrong_status = isinstance(found, IllegalTransitionError)
        return cls(
            code=found.code,
            message="The referral's present status doesn't allow this command; `possible_in` lists"
            " those that do."
            if wrong_status
            else found.detail,
            possible_in=possible_in(command),
        )


class TransitionOption(View):
    """A command: whether you may give it now, what it takes, and else why not."""

    command: ReferralCommand
    to: Annotated[ReferralStatus | None, Field(description="Where it would lead from here.")]
    allowed: bool
    takes: Annotated[
        list[str], Field(description="Fields that come along.", examples=[["reason", "score_id"]])
    ]
    needs_if_match: Annotated[
        bool, Field(description="Refused with 428 without the ETag that you read.")
    ]
    why_not: WhyNot | None

    @classmethod
    def of(cls, referral: Referral, command: ReferralCommand, by: By) -> Self:
        """The view of a command for a caller."""
        found = obstacle(referral.status, command, by, referral.gate)
        return cls(
            command=command,
            to=TRANSITIONS.get((referral.status, command)),
            allowed=found is None,
            takes=DEMANDS[command].takes,
            needs_if_match=DEMANDS[command].revision_read,
            why_not=None if found is None else WhyNot.of(found, command),
        )


class TransitionList(View):
    """Every command there is, for this referral and this caller."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.TRANSITIONS]})

    referral_id: UUID
    child_id: UUID
    status: ReferralStatus
    revision: Annotated[int, Field(description="The ETag, as a number.")]
    items: list[TransitionOption]


@router.get("/{referral_id}/transitions", responses=problem_responses(404))
def get_transitions(
    referral_id: UUID,
    caller: Annotated[Caller, needs("referrals:read")],
    connection: Connected,
    response: Response,
) -> TransitionList:
    """What you may do with this referral next, and why not the rest. `ETag` is its revision."""
    referral = referral_in_sight(connection, caller.sight, referral_id)
    response.headers["ETag"] = f'"{referral.revision}"'
    return TransitionList(
        referral_id=referral.referral_id,
        child_id=referral.child_id,
        status=referral.status,
        revision=referral.revision,
        items=[TransitionOption.of(referral, each, mover(caller)) for each in ReferralCommand],
    )


@router.post(
    "/{referral_id}/transitions",
    status_code=201,
    response_model=ReferralView,
    responses=problem_responses(404, 409, 412, 413, 415, 428),
)
def post_transition(
    referral_id: UUID,
    body: TransitionRequest,
    request: Annotated[Writes, writes(DECIDE)],
    timings: LocalTimings,
    if_match: IfMatch = None,
) -> Response:
    """Give a command. Decisions are a person's, with a reason and the score that was looked at.
    To allocate, send the `ETag` that you read as `If-Match`: of two at once one wins."""
    order = Order(referral_id, body.command, body.as_given(), revision_in(if_match))

    def use_case(transaction: Writing) -> ReferralView:
        moved = move(transaction, request.caller, order, timings)
        return ReferralView.of(moved, request.caller, london_date(transaction.now))

    return request.reply(use_case, etag=etag_of, about=A_CHILD)
