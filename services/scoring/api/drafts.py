"""Drafts of versions: written by one person, checked on every reading, submitted once sound."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Header, Request, Response
from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Connection

from services.scoring.api.base import View
from services.scoring.api.practice import PracticeView
from services.scoring.api.requests import Strict
from services.scoring.api.version_view import ModelName, VersionName, VersionView, decides
from services.scoring.domain.problems import Problem
from services.scoring.service.drafting import FILE, check, read_draft, save, submit, tag_of
from services.scoring.service.practice import practice_beside
from services.scoring.service.steps import Which
from services.scoring.service.weights import Weights, checked
from services.scoring.store.versions import Draft, DraftSaved, drafts_of
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import WrittenReason, printable
from shared.http.paging import Paging
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes

router = APIRouter(
    prefix="/v1/models/{model}/drafts/{version}", route_class=StrictJsonRoute, tags=["weights"]
)
listing = APIRouter(prefix="/v1/models/{model}", route_class=StrictJsonRoute, tags=["weights"])

IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^"[0-9a-f]{64}"$',
        description="The `ETag` that you read: refused with 412 if it changed since.",
    ),
]
NewVersionName = Annotated[VersionName, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]*$")]


class DraftRequest(Strict):
    """The document, as text in the language of the weights (YAML)."""

    document: Annotated[
        str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(printable)
    ] = Field(examples=["schema: riskmodel/1\nmodel: seraf\n"])


class Submission(Strict):
    """Why this version should come into force."""

    reason: WrittenReason = Field(examples=["Missing episodes weigh more, as MACE asked in May."])


class ProblemView(View):
    """What is wrong with a document, where, and what to write instead."""

    line: int
    column: int
    path: str
    code: str
    message: str

    @classmethod
    def of(cls, found: Problem) -> Self:
        """The view of a problem."""
        return cls(
            line=found.line,
            column=found.column,
            path=found.path,
            code=found.code,
            message=found.message,
        )


class DraftView(View):
    """A draft, and what keeps it from being submitted."""

    model: str
    version: str
    author_person_id: str | None = Field(description="null to who doesn't decide about weights")
    saved_at: datetime
    document: str
    document_hash: str | None = Field(description="null while there are problems")
    rules_hash: str | None
    problems: list[ProblemView]
    practice: PracticeView | None = Field(description="null while there are problems")


class DraftLine(View):
    """A draft in the list: whose it is, and when it was last saved."""

    model: str
    version: str
    author_person_id: str | None = Field(description="null to who doesn't decide about weights")
    saved_at: datetime

    @classmethod
    def of(cls, found: DraftSaved, caller: Caller) -> Self:
        """The view of a line."""
        author = found.author_person_id if decides(caller) else None
        return cls(**{**found._asdict(), "author_person_id": author})


class DraftList(View):
    """What is being written, by name."""

    items: list[DraftLine]


@listing.get("/drafts", responses=problem_responses(), summary="The drafts of a model")
def get_drafts(
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    page: Paging,
    response: Response,
) -> DraftList:
    """A submitted draft is a version, and no longer listed here."""
    found = drafts_of(connection, model, page.after(str), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        link = page.next_link(f"/v1/models/{model}/drafts", [shown[-1].version])
        response.headers["Link"] = link
    return DraftList(items=[DraftLine.of(each, caller) for each in shown])


@router.put(
    "",
    response_model=DraftView,
    responses=problem_responses(409, 412, 413, 415, 428),
    summary="Begin a draft, or write on in your own",
)
def put_draft(  # noqa: PLR0913  # each is a part of the request
    request: Request,
    write: Annotated[Writes, writes("models:propose")],
    model: ModelName,
    version: NewVersionName,
    body: DraftRequest,
    if_match: IfMatch = None,
) -> Response:
    """It need not be sound: every problem is answered, with its line. To write on, the `ETag` that
    you read is needed as `If-Match`."""
    read = None if if_match is None else if_match.strip('"')
    checked(body.document, FILE)  # takes a moment, which no other writer should wait for
    weights: Weights = request.app.state.weights
    return write.reply(
        lambda transaction: _view(
            transaction.connection,
            weights,
            save(transaction, write.caller, Which(model, version), body.document, read),
            transaction.now,
            write.caller,
        ),
        status=200,
        etag=_etag,
        about=NOBODY,
    )


@router.get("", responses=problem_responses(404), summary="A draft, with its problems")
def get_draft(  # noqa: PLR0913  # each is a part of the question
    request: Request,
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
    response: Response,
) -> DraftView:
    """A submitted draft is a version, and no longer found here."""
    weights: Weights = request.app.state.weights
    now = service_of(request).clock()
    view = _view(connection, weights, read_draft(connection, Which(model, version)), now, caller)
    response.headers["ETag"] = _etag(view)
    return view


@router.post(
    "/submission",
    response_model=VersionView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Submit a draft: its content never changes from then on",
)
def post_submission(
    request: Request,
    write: Annotated[Writes, writes("models:propose")],
    model: ModelName,
    version: VersionName,
    body: Submission,
) -> Response:
    """The first of two people. Refused whole while there is any problem."""
    weights: Weights = request.app.state.weights
    return write.reply(
        lambda transaction: VersionView.of(
            submit(transaction, weights, write.caller, Which(model, version), body.reason),
            write.caller,
        ),
        location=lambda view: f"/v1/models/{view.model}/versions/{view.version}",
        about=NOBODY,
    )


def _etag(view: DraftView) -> str:
    return f'"{tag_of(view.document)}"'


def _view(
    connection: Connection, weights: Weights, draft: Draft, now: datetime, caller: Caller
) -> DraftView:
    found = check(connection, weights, draft, london_date(now))
    loaded = found.loaded
    return DraftView(
        model=draft.model,
        version=draft.version,
        author_person_id=draft.author_person_id if decides(caller) else None,
        saved_at=draft.saved_at,
        document=draft.text,
        document_hash=loaded and loaded.document_hash,
        rules_hash=loaded and loaded.rules_hash,
        problems=[ProblemView.of(each) for each in found.problems],
        practice=None
        if loaded is None
        else PracticeView.of(practice_beside(connection, loaded.model, london_date(now)), caller),
    )
