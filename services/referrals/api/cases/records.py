"""`/v1/cases/{id}/…`: contacts, plans, actions, reviews of plans, and the nurse's work.

Health has scopes of its own: it is in no other list, and who may not see it is told that it is
withheld.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from services.referrals.api.cases.requests import (
    ActionCorrection,
    ActionRequest,
    ContactCorrection,
    ContactRequest,
    HealthCorrection,
    HealthRequest,
    PlanCorrection,
    PlanRequest,
    PlanReviewCorrection,
    PlanReviewRequest,
    RecordGiven,
)
from services.referrals.api.cases.views import RecordAnswer, RecordList, RecordView
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.domain.cases.case import HEALTH, WORK, Case, Record, RecordKind, Which
from services.referrals.service.cases.moving import case_in_sight
from services.referrals.service.cases.recording import correct, record, record_page, revisions
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.paging import Page, Paging, by_id, by_revision
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/cases/{case_id}", tags=["Cases"], route_class=StrictJsonRoute)

Reader = Annotated[Caller, needs("cases:read")]
HealthReader = Annotated[Caller, needs("health:read")]
Write = Annotated[Writes, writes("cases:write")]
HealthWrite = Annotated[Writes, writes("health:write")]
_NEW = problem_responses(404, 409, 413, 415)
_CORRECTION = problem_responses(404, 412, 413, 415)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands."""

    case_id: UUID
    record_id: UUID
    kind: RecordKind


@router.post("/contacts", status_code=201, response_model=RecordAnswer, responses=_NEW)
def post_contact(case_id: UUID, body: ContactRequest, request: Write) -> Response:
    """Record a contact with the child."""
    return _recorded(case_id, RecordKind.CONTACT, body, request)


@router.post(
    "/contacts/{record_id}/corrections",
    status_code=201,
    response_model=RecordAnswer,
    responses=_CORRECTION,
)
def post_contact_correction(
    case_id: UUID,
    record_id: UUID,
    body: ContactCorrection,
    request: Write,
    if_match: IfMatch = None,
) -> Response:
    """State a contact with the child anew. What was recorded before stays in its revisions."""
    return _corrected(Place(case_id, record_id, RecordKind.CONTACT), body, request, if_match)


@router.post("/plans", status_code=201, response_model=RecordAnswer, responses=_NEW)
def post_plan(case_id: UUID, body: PlanRequest, request: Write) -> Response:
    """Record a plan."""
    return _recorded(case_id, RecordKind.PLAN, body, request)


@router.post(
    "/plans/{record_id}/corrections",
    status_code=201,
    response_model=RecordAnswer,
    responses=_CORRECTION,
)
def post_plan_correction(
    case_id: UUID,
    record_id: UUID,
    body: PlanCorrection,
    request: Write,
    if_match: IfMatch = None,
) -> Response:
    """State a plan anew. What was recorded before stays in its revisions."""
    return _corrected(Place(case_id, record_id, RecordKind.PLAN), body, request, if_match)


@router.post("/actions", status_code=201, response_model=RecordAnswer, responses=_NEW)
def post_action(case_id: UUID, body: ActionRequest, request: Write) -> Response:
    """Record an action."""
    return _recorded(case_id, RecordKind.ACTION, body, request)


@router.post(
    "/actions/{record_id}/corrections",
    status_code=201,
    response_model=RecordAnswer,
    responses=_CORRECTION,
)
def post_action_correction(
    case_id: UUID,
    record_id: UUID,
    body: ActionCorrection,
    request: Write,
    if_match: IfMatch = None,
) -> Response:
    """State an action anew. What was recorded before stays in its revisions."""
    return _corrected(Place(case_id, record_id, RecordKind.ACTION), body, request, if_match)


@router.post("/plan-reviews", status_code=201, response_model=RecordAnswer, responses=_NEW)
def post_plan_review(case_id: UUID, body: PlanReviewRequest, request: Write) -> Response:
    """Record a review of a plan."""
    return _recorded(case_id, RecordKind.PLAN_REVIEW, body, request)


@router.post(
    "/plan-reviews/{record_id}/corrections",
    status_code=201,
    response_model=RecordAnswer,
    responses=_CORRECTION,
)
def post_plan_review_correction(
    case_id: UUID,
    record_id: UUID,
    body: PlanReviewCorrection,
    request: Write,
    if_match: IfMatch = None,
) -> Response:
    """State a review of a plan anew. What was recorded before stays in its revisions."""
    return _corrected(Place(case_id, record_id, RecordKind.PLAN_REVIEW), body, request, if_match)


@router.post("/health", status_code=201, response_model=RecordAnswer, responses=_NEW)
def post_health(case_id: UUID, body: HealthRequest, request: HealthWrite) -> Response:
    """Record what the nurse did."""
    return _recorded(case_id, RecordKind.HEALTH, body, request)


@router.post(
    "/health/{record_id}/corrections",
    status_code=201,
    response_model=RecordAnswer,
    responses=_CORRECTION,
)
def post_health_correction(
    case_id: UUID,
    record_id: UUID,
    body: HealthCorrection,
    request: HealthWrite,
    if_match: IfMatch = None,
) -> Response:
    """State what the nurse did anew. What was recorded before stays in its revisions."""
    return _corrected(Place(case_id, record_id, RecordKind.HEALTH), body, request, if_match)


@router.get("/records", responses=problem_responses(404))
def list_records(  # noqa: PLR0913  # what FastAPI hands over, each by its name
    case_id: UUID,
    caller: Reader,
    connection: Connected,
    paging: Paging,
    response: Response,
    kind: Annotated[RecordKind | None, Query(description="Only these; never health.")] = None,
) -> RecordList:
    """The records of a case as they stand, last entered first; health has a list of its own."""
    case = case_in_sight(connection, caller.sight, case_id)
    kinds = WORK if kind is None else WORK & {kind}
    found = record_page(connection, case, kinds, paging.after(by_id), paging.limit + 1)
    return _listed(case, found, paging, response, "records", kind)


@router.get("/records/{record_id}", responses=problem_responses(404))
def get_record(  # noqa: PLR0913  # what FastAPI hands over, each by its name
    case_id: UUID,
    record_id: UUID,
    caller: Reader,
    connection: Connected,
    paging: Paging,
    response: Response,
) -> RecordList:
    """Every revision of a record, first to last."""
    case = case_in_sight(connection, caller.sight, case_id)
    which = Which(case_id, record_id, WORK)
    found = revisions(connection, which, paging.after(by_revision), paging.limit + 1)
    return _revised(case, found, paging, response, f"records/{record_id}")


@router.get("/health", responses=problem_responses(404))
def list_health(
    case_id: UUID, caller: HealthReader, connection: Connected, paging: Paging, response: Response
) -> RecordList:
    """What the nurse recorded, as it stands, last entered first."""
    case = case_in_sight(connection, caller.sight, case_id)
    found = record_page(connection, case, HEALTH, paging.after(by_id), paging.limit + 1)
    return _listed(case, found, paging, response, "health", None)


@router.get("/health/{record_id}", responses=problem_responses(404))
def get_health(  # noqa: PLR0913  # what FastAPI hands over, each by its name
    case_id: UUID,
    record_id: UUID,
    caller: HealthReader,
    connection: Connected,
    paging: Paging,
    response: Response,
) -> RecordList:
    """Every revision of a record of the nurse, first to last."""
    case = case_in_sight(connection, caller.sight, case_id)
    which = Which(case_id, record_id, HEALTH)
    found = revisions(connection, which, paging.after(by_revision), paging.limit + 1)
    return _revised(case, found, paging, response, f"health/{record_id}")


def _recorded(case_id: UUID, kind: RecordKind, body: RecordGiven, request: Writes) -> Response:
    given = body.as_given(kind)

    def use_case(transaction: Writing) -> RecordAnswer:
        return _answer(*record(transaction, request.caller, case_id, given))

    return request.reply(use_case, etag=_etag, about=A_CHILD)


def _corrected(place: Place, body: RecordGiven, request: Writes, if_match: str | None) -> Response:
    given, read = body.as_given(place.kind), revision_in(if_match)

    def use_case(transaction: Writing) -> RecordAnswer:
        return _answer(
            *correct(transaction, request.caller, place.case_id, place.record_id, given, read)
        )

    return request.reply(use_case, etag=_etag, about=A_CHILD)


def _answer(case: Case, stored: Record) -> RecordAnswer:
    return RecordAnswer(
        **RecordView.of(stored).model_dump(), case_id=case.case_id, child_id=case.child_id
    )


def _etag(view: RecordAnswer) -> str:
    return f'"{view.revision}"'


def _list_of(case: Case, found: list[Record]) -> RecordList:
    return RecordList(
        case_id=case.case_id, child_id=case.child_id, items=[RecordView.of(each) for each in found]
    )


def _listed(  # noqa: PLR0913  # a page, and what leads to the next
    case: Case,
    found: list[Record],
    paging: Page,
    response: Response,
    name: str,
    kind: RecordKind | None,
) -> RecordList:
    if len(found) > paging.limit:
        path = f"/v1/cases/{case.case_id}/{name}"
        last = found[paging.limit - 1].record_id
        response.headers["Link"] = paging.next_link(path, [str(last)], kind=kind)
    return _list_of(case, found[: paging.limit])


def _revised(
    case: Case, found: list[Record], paging: Page, response: Response, place: str
) -> RecordList:
    if len(found) > paging.limit:
        path = f"/v1/cases/{case.case_id}/{place}"
        response.headers["Link"] = paging.next_link(path, [found[paging.limit - 1].revision])
    return _list_of(case, found[: paging.limit])
