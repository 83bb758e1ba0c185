"""`/v1/cases/{id}/transitions`: what may be done with a case next, and doing it."""

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from services.referrals.api.cases.cases import Decides, Reader, case_etag, whole
from services.referrals.api.cases.requests import CaseTransitionRequest
from services.referrals.api.cases.views import CaseView
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.api.views import View
from services.referrals.domain.cases.case import Case
from services.referrals.domain.cases.transitions import (
    DEMANDS,
    TRANSITIONS,
    CaseCommand,
    CaseContext,
    CaseStatus,
    obstacle,
    possible_in,
)
from services.referrals.domain.obstacles import IllegalTransitionError, Obstacle
from services.referrals.service.cases.moving import CaseOrder, case_in_sight, context_of, move_case
from shared.domain.london import london_date
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/cases", tags=["Cases"], route_class=StrictJsonRoute)

_TRANSITIONS: dict[str, Any] = {
    "case_id": "019e8200-0000-7000-8000-000000000003",
    "child_id": "019e8200-0000-7000-8000-000000000002",
    "status": "active",
    "revision": 3,
    "items": [
        {
            "command": "propose_step_down",
            "to": "active",
            "allowed": False,
            "takes": ["reason", "next_check_on", "score_id"],
            "why_not": {
                "code": "high_priority_actions_open",
                "message": "Actions of high priority are open; finish them, or record why they "
                "aren't needed.",
                "possible_in": ["active"],
            },
        },
        {
            "command": "propose_transfer",
            "to": "active",
            "allowed": True,
            "takes": ["reason", "next_check_on", "authority", "score_id"],
            "why_not": None,
        },
    ],
}


class CaseWhyNot(View):
    """What keeps you from giving a command."""

    code: Annotated[str, Field(examples=["high_priority_actions_open"])]
    message: str
    possible_in: Annotated[
        list[CaseStatus], Field(description="The statuses in which it may be given.")
    ]

    @classmethod
    def of(cls, found: Obstacle, command: CaseCommand) -> Self:
        """The view of an obstacle."""
        wrong_status = isinstance(found, IllegalTransitionError)
        return cls(
            code=found.code,
            message="The case's present status doesn't allow this command; `possible_in` lists"
            " those that do."
            if wrong_status
            else found.detail,
            possible_in=possible_in(command),
        )


class CaseTransitionOption(View):
    """A command: whether you may give it now, what it takes, and else why not."""

    command: CaseCommand
    to: Annotated[CaseStatus | None, Field(description="Where it would lead from here.")]
    allowed: bool
    takes: Annotated[
        list[str], Field(description="Fields that come along.", examples=[["reason", "score_id"]])
    ]
    why_not: CaseWhyNot | None

    @classmethod
    def of(cls, case: Case, command: CaseCommand, context: CaseContext) -> Self:
        """The view of a command for a caller."""
        found = obstacle(case.status, command, context)
        return cls(
            command=command,
            to=TRANSITIONS.get((case.status, command)),
            allowed=found is None,
            takes=DEMANDS[command].takes,
            why_not=None if found is None else CaseWhyNot.of(found, command),
        )


class CaseTransitionList(View):
    """Every command there is, for this case and this caller."""

    model_config = ConfigDict(json_schema_extra={"examples": [_TRANSITIONS]})

    case_id: UUID
    child_id: UUID
    status: CaseStatus
    revision: Annotated[int, Field(description="The ETag, as a number.")]
    items: list[CaseTransitionOption]


@router.get("/{case_id}/transitions", responses=problem_responses(404))
def get_case_transitions(
    case_id: UUID, request: Request, caller: Reader, connection: Connected, response: Response
) -> CaseTransitionList:
    """What you may do with this case next, and why not the rest. `ETag` is its revision."""
    case = case_in_sight(connection, caller.sight, case_id)
    context = context_of(connection, caller, case, london_date(service_of(request).clock()))
    response.headers["ETag"] = f'"{case.revision}"'
    return CaseTransitionList(
        case_id=case.case_id,
        child_id=case.child_id,
        status=case.status,
        revision=case.revision,
        items=[CaseTransitionOption.of(case, each, context) for each in CaseCommand],
    )


@router.post(
    "/{case_id}/transitions",
    status_code=201,
    response_model=CaseView,
    responses=problem_responses(404, 409, 412, 413, 415),
)
def post_case_transition(
    case_id: UUID, body: CaseTransitionRequest, request: Decides, if_match: IfMatch = None
) -> Response:
    """Give a command. Stepping down, closing and transferring take two people: one proposes with
    a day for looking again, another agrees."""
    order = CaseOrder(case_id, body.command, body.as_given(), revision_in(if_match))

    def use_case(transaction: Writing) -> CaseView:
        case = move_case(transaction, request.caller, order)
        return whole(transaction.connection, request.caller, case, request.service.clock)

    return request.reply(use_case, etag=case_etag, about=A_CHILD)
