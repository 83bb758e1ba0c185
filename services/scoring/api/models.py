"""Versions of the weights: reading them, proposing and approving one; the code dictionary."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from services.scoring.domain.versions import Version, in_force, in_force_from
from services.scoring.service import approval as service
from services.scoring.service.weights import UnknownVersionError, Weights
from services.scoring.store.versions import all_versions, one_version
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, InvalidError
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import CalendarDate, WrittenReason
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import Writes, writes

router = APIRouter(route_class=StrictJsonRoute, tags=["weights"])

ModelName = Annotated[str, Path(max_length=60, examples=["seraf"])]
VersionName = Annotated[str, Path(max_length=20, examples=["1.0"])]


class VersionView(BaseModel):
    """A version: what it is, who proposed and who approved exactly which content."""

    model: str
    version: str
    document_hash: str
    rules_hash: str
    state: str
    effective_from: date
    in_force_from: date | None
    imported: bool = Field(description="whether it was in force before this tracker knew it")
    author_person_id: str | None
    proposed_at: datetime | None
    proposal_reason: str | None
    approver_person_id: str | None
    approved_at: datetime | None
    approval_reason: str | None


class VersionDocument(VersionView):
    """A version with its document."""

    document: dict[str, Any]


class VersionList(BaseModel):
    """Every version, and which one is in force today, by model."""

    items: list[VersionView]
    in_force: dict[str, str | None]


class CodeView(BaseModel):
    """An observation code: its kind of answer, who could know, and which versions read it."""

    code: str
    answer_kind: str
    options: list[str]
    held_by: list[str]
    versions: list[str]


class CodeList(BaseModel):
    """The code dictionary."""

    items: list[CodeView]


class Body(BaseModel):
    """What a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Proposal(Body):
    """Why this version should come into force."""

    reason: WrittenReason = Field(examples=["The published form, for a first year."])


class Approval(Body):
    """The content that was read, to the letter, and why it is right."""

    document_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    reason: WrittenReason = Field(examples=["Read against the published form; every case agrees."])
    imported_in_force_from: CalendarDate | None = Field(
        default=None,
        description="demonstration only: the version counted from this day, before Amber knew it",
    )


@router.get("/v1/models", responses=problem_responses(), summary="Every version of every model")
def get_models(
    request: Request, _caller: Annotated[Caller, needs("models:read")], connection: Connected
) -> VersionList:
    """The register: what there is, and what is in force today."""
    versions = all_versions(connection)
    today = london_date(service_of(request).clock())
    current = {
        model: in_force([version for version in versions if version.model == model], today)
        for model in sorted({version.model for version in versions})
    }
    return VersionList(
        items=[_view(version) for version in versions],
        in_force={model: found and found.version for model, found in current.items()},
    )


@router.get(
    "/v1/models/{model}/versions/{version}",
    responses=problem_responses(404),
    summary="One version, with its document",
)
def get_version(
    request: Request,
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> VersionDocument:
    """What an approver reads: the hash names exactly this document."""
    found = _found(connection, model, version)
    weights: Weights = request.app.state.weights
    document = weights.of(connection, found.document_hash).document
    return VersionDocument(**_view(found).model_dump(), document=document)


@router.post(
    "/v1/models/{model}/versions/{version}/proposal",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Propose that a version come into force",
)
def post_proposal(
    write: Annotated[Writes, writes("models:propose")],
    model: ModelName,
    version: VersionName,
    body: Proposal,
) -> Response:
    """The first of two people. Nothing changes until another one approves."""
    return write.reply(
        lambda transaction: _view(
            service.propose(transaction, write.caller, model, version, body.reason)
        )
    )


@router.post(
    "/v1/models/{model}/versions/{version}/approval",
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
    """The second of two people, bound to the document hash. Every child's score is due again."""
    if body.imported_in_force_from is not None and not request.app.state.demo:
        raise InvalidError(
            [
                FieldError(
                    "/imported_in_force_from",
                    "demonstration_only",
                    "Leave this out: a version counts from its approval on.",
                )
            ]
        )
    approval = service.Approval(body.document_hash, body.reason, body.imported_in_force_from)
    return write.reply(
        lambda transaction: _view(
            service.approve(
                transaction,
                write.caller,
                model,
                version,
                approval,
            )
        )
    )


@router.get("/v1/codes", responses=problem_responses(), summary="The observation codes")
def get_codes(
    request: Request, _caller: Annotated[Caller, needs("codes:read")], connection: Connected
) -> CodeList:
    """What an update may be about, and how it is answered."""
    weights: Weights = request.app.state.weights
    return CodeList(
        items=[
            CodeView(
                code=code.code,
                answer_kind=code.answer_kind,
                options=sorted(code.options),
                held_by=sorted(code.held_by),
                versions=list(code.versions),
            )
            for code in weights.codes(connection).values()
        ]
    )


def _found(connection: Connection, model: str, version: str) -> Version:
    found = one_version(connection, model, version)
    if found is None:
        raise UnknownVersionError("The model has no version of that name.")
    return found


def _view(version: Version) -> VersionView:
    return VersionView(
        model=version.model,
        version=version.version,
        document_hash=version.document_hash,
        rules_hash=version.rules_hash,
        state=version.state,
        effective_from=version.effective_from,
        in_force_from=in_force_from(version),
        imported=version.imported_in_force_from is not None,
        author_person_id=version.author_person_id,
        proposed_at=version.proposed_at,
        proposal_reason=version.proposal_reason,
        approver_person_id=version.approver_person_id,
        approved_at=version.approved_at,
        approval_reason=version.approval_reason,
    )
