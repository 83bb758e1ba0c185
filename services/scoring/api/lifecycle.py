"""Steps in the life of a version: each one a named person's, with a reason."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from services.scoring.api.requests import Strict
from services.scoring.api.version_view import (
    ContentHash,
    ModelName,
    NewName,
    VersionName,
    VersionView,
)
from services.scoring.domain.lifecycle import Command
from services.scoring.domain.versions import Version
from services.scoring.service import approval as approving
from services.scoring.service.ending import Ending, end
from services.scoring.service.returning import Return, bring_back, roll_back
from services.scoring.service.steps import Which
from services.scoring.service.weights import Weights
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, InvalidError
from shared.domain.london import london_date
from shared.http.fields import CalendarDate, WrittenReason
from shared.http.problems import problem_responses
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(
    prefix="/v1/models/{model}/versions/{version}", route_class=StrictJsonRoute, tags=["weights"]
)


class Proposal(Strict):
    """Why this version should come into force."""

    reason: WrittenReason = Field(examples=["The published form, for a first year."])


class Approval(Strict):
    """The content that was read, to the letter; the assessment that was read, and by which engine
    it was worked out; and why it is right."""

    document_hash: ContentHash
    assessment_id: Annotated[UUID, Field(strict=False)]
    engine_version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,20}$")] = Field(
        examples=["1"]
    )
    reason: WrittenReason = Field(examples=["Read against the published form; every case agrees."])
    imported_in_force_from: Annotated[CalendarDate | None, Field(strict=False)] = Field(
        default=None,
        description="demonstration only: the version counted from this day, before Amber knew it",
    )


class EndRequest(Strict):
    """The content that is meant, to the letter, and why it ends."""

    document_hash: ContentHash
    reason: WrittenReason = Field(examples=["Its review in March found that it misses boys."])


class ReturnRequest(Strict):
    """The content to go back to, to the letter; the name of the version that is made; and why."""

    document_hash: ContentHash
    new_version: NewName = Field(examples=["1.2"])
    reason: WrittenReason = Field(examples=["Version 1.1 rates every child under 13 as high."])


@router.post(
    "/proposal",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Propose that a version which ships with Amber come into force",
)
def post_proposal(
    write: Annotated[Writes, writes("models:propose")],
    model: ModelName,
    version: VersionName,
    body: Proposal,
) -> Response:
    """The first of two people. Nothing changes until another one approves."""
    which = Which(model, version)
    return write.reply(
        lambda transaction: VersionView.of(
            approving.propose(transaction, write.caller, which, body.reason), write.caller
        ),
        about=NOBODY,
    )


@router.post(
    "/approval",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Approve a version that somebody else proposed",
)
def post_approval(
    request: Request,
    write: Annotated[Writes, writes("models:approve")],
    model: ModelName,
    version: VersionName,
    body: Approval,
) -> Response:
    """The second of two people, bound to the document hash and to the assessment. Every child's
    score is due again."""
    _check_imported(request, body.imported_in_force_from)
    which = Which(model, version)
    valid_for: timedelta = request.app.state.assessment_valid_for
    approval = approving.Approval(
        body.document_hash,
        body.assessment_id,
        body.engine_version,
        body.reason,
        body.imported_in_force_from,
    )
    return write.reply(
        lambda transaction: VersionView.of(
            approving.approve(transaction, write.caller, which, approval, valid_for), write.caller
        ),
        about=NOBODY,
    )


@router.post(
    "/withdrawal",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Withdraw a version that has not come into force",
)
def post_withdrawal(
    write: Annotated[Writes, writes("models:propose")],
    model: ModelName,
    version: VersionName,
    body: EndRequest,
) -> Response:
    """It never comes into force. What was written stays, with the reason."""
    ending = Ending(Command.WITHDRAW, body.document_hash, body.reason)
    return _end(write, Which(model, version), ending)


@router.post(
    "/retirement",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Retire a version that has come into force",
)
def post_retirement(
    write: Annotated[Writes, writes("models:approve")],
    model: ModelName,
    version: VersionName,
    body: EndRequest,
) -> Response:
    """In force no more from today on; if it was the one in force, no score is computed until
    another version is approved or brought back. Answers how many children stood under it
    (outside the team no small number)."""
    ending = Ending(Command.RETIRE, body.document_hash, body.reason)
    return _end(write, Which(model, version), ending)


@router.post(
    "/rollback",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Propose a version with the rules of this one",
)
def post_rollback(
    request: Request,
    write: Annotated[Writes, writes("models:propose")],
    model: ModelName,
    version: VersionName,
    body: ReturnRequest,
) -> Response:
    """Goes the way of every version: another person approves it."""
    return _go_back(roll_back, request, write, Which(model, version), body)


@router.post(
    "/emergency-return",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="In an emergency, put rules in force that two people approved before",
)
def post_return(
    request: Request,
    write: Annotated[Writes, writes("models:approve")],
    model: ModelName,
    version: VersionName,
    body: ReturnRequest,
) -> Response:
    """By one person, at once, and said to be so for ever."""
    return _go_back(bring_back, request, write, Which(model, version), body)


def _check_imported(request: Request, since: date | None) -> None:
    if since is None:
        return
    if not request.app.state.demo:
        code, cure = "demonstration_only", "Leave this out: a version counts from its approval on."
    elif since > london_date(service_of(request).clock()):
        code, cure = "not_yet", "Write a day that has come; a later one is `effective_from`."
    else:
        return
    raise InvalidError([FieldError("/imported_in_force_from", code, cure)])


def _end(write: Writes, which: Which, ending: Ending) -> Response:
    return write.reply(
        lambda transaction: VersionView.of(
            end(transaction, write.caller, which, ending), write.caller
        ),
        about=NOBODY,
    )


def _go_back(
    how: Callable[[Writing, Weights, Caller, Which, Return], Version],
    request: Request,
    write: Writes,
    which: Which,
    body: ReturnRequest,
) -> Response:
    weights: Weights = request.app.state.weights
    back = Return(body.document_hash, body.new_version, body.reason)
    return write.reply(
        lambda transaction: VersionView.of(
            how(transaction, weights, write.caller, which, back), write.caller
        ),
        about=NOBODY,
    )
