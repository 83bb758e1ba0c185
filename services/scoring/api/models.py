"""Reading about the weights: the register, a version, its document, history and differences; and
the code dictionary."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.version_view import (
    ModelName,
    RegisterEntry,
    StepView,
    VersionDocument,
    VersionName,
    decides,
)
from services.scoring.domain.card import card
from services.scoring.domain.diff.document import diff
from services.scoring.domain.diff.shapes import Difference
from services.scoring.domain.versions import as_known, in_force
from services.scoring.service.assessing import assessed_for_card
from services.scoring.service.primary import read_primary
from services.scoring.service.steps import Which, stored
from services.scoring.service.weights import Weights
from services.scoring.store.versions import all_versions, steps_of, text_of
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import CalendarDate, Instant
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(route_class=StrictJsonRoute, tags=["weights"])

YAML = "application/yaml"
MARKDOWN = "text/markdown; charset=utf-8"


class Register(View):
    """Every version as it stands now; and which one is in force on a day, by model."""

    items: list[RegisterEntry]
    on: date
    in_force: dict[str, str | None] = Field(description="on that day, as known at `known_at`")
    primary: str = Field(description="the model whose scores are the children's on that day")


class History(View):
    """Every step in the life of a version, the first one first."""

    items: list[StepView]
    withheld: bool = Field(description="whether you aren't told who took the steps, and why")


class DifferenceView(View):
    """One thing that differs. Null is what is not there, or a null of the document: `text` says
    which, in words that need no knowledge of the language."""

    path: list[str | int]
    before: Any
    after: Any
    text: str

    @classmethod
    def of(cls, found: Difference) -> "DifferenceView":
        """The view of a difference."""
        return cls(path=list(found.path), before=found.before, after=found.after, text=found.text)


class Differences(View):
    """What a version changes, against another: the one in force today, unless one is named."""

    against: str | None
    items: list[DifferenceView]


class CodeView(View):
    """An observation code: its kind of answer, who could know, and which versions read it."""

    code: str
    answer_kind: str
    options: list[str]
    held_by: list[str]
    versions: list[str]


class CodeList(View):
    """The code dictionary."""

    items: list[CodeView]


@router.get("/v1/models", responses=problem_responses(), summary="Every version of every model")
def get_models(
    request: Request,
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    on: Annotated[CalendarDate | None, Query(description="left out: today")] = None,
    known_at: Annotated[
        Instant | None, Query(description="from what was decided by then; left out: by now")
    ] = None,
) -> Register:
    """The register: what there is and was, and what is in force on a day. Names nobody."""
    weights: Weights = request.app.state.weights
    versions = all_versions(connection)
    on = on or london_date(service_of(request).clock())
    known = versions if known_at is None else [as_known(each, known_at) for each in versions]
    current = {
        model: in_force([version for version in known if version.model == model], on)
        for model in sorted({version.model for version in versions})
    }
    return Register(
        items=[
            RegisterEntry.of(version, weights.of(connection, version.document_hash).model)
            for version in versions
        ],
        on=on,
        in_force={model: found and found.version for model, found in current.items()},
        primary=read_primary(connection, on, known_at).model,
    )


@router.get(
    "/v1/models/{model}/versions/{version}",
    responses=problem_responses(404),
    summary="One version, with its document",
)
def get_version(
    request: Request,
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> VersionDocument:
    """What an approver reads: the hash names exactly this document."""
    found = stored(connection, Which(model, version))
    weights: Weights = request.app.state.weights
    document = weights.of(connection, found.document_hash).document
    return VersionDocument.with_document(found, document, caller)


@router.get(
    "/v1/models/{model}/versions/{version}/document",
    response_class=Response,
    responses={**problem_responses(404), 200: {"content": {YAML: {}}}},
    summary="The document of a version, byte for byte",
)
def get_document(
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> Response:
    """As its author submitted it, with comments and spaces."""
    found = stored(connection, Which(model, version))
    return Response(text_of(connection, found.document_hash).encode(), media_type=YAML)


@router.get(
    "/v1/models/{model}/versions/{version}/history",
    responses=problem_responses(404),
    summary="What became of a version: who, when, why, which content",
)
def get_history(
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> History:
    """A handful of steps; the journal proves them."""
    found = stored(connection, Which(model, version))
    steps = steps_of(connection, found.model, found.version)
    return History(
        items=[StepView.of(step, caller) for step in steps], withheld=not decides(caller)
    )


@router.get(
    "/v1/models/{model}/versions/{version}/diff",
    responses=problem_responses(404),
    summary="What a version changes",
)
def get_diff(
    request: Request,
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
    against: Annotated[
        str | None,
        Query(max_length=20, description="a version; left out: the one in force today"),
    ] = None,
) -> Differences:
    """Line by line. Nothing is listed where no version is in force to compare with."""
    weights: Weights = request.app.state.weights
    after = stored(connection, Which(model, version))
    if against is not None:
        before = stored(connection, Which(model, against))
    else:
        today = london_date(service_of(request).clock())
        current = in_force(all_versions(connection, model), today)
        if current is None:
            return Differences(against=None, items=[])
        before = current
    documents = [weights.of(connection, each.document_hash).document for each in (before, after)]
    return Differences(
        against=before.version, items=[DifferenceView.of(each) for each in diff(*documents)]
    )


@router.get(
    "/v1/models/{model}/versions/{version}/card",
    response_class=Response,
    responses={**problem_responses(404), 200: {"content": {MARKDOWN: {}}}},
    summary="The model card of a version",
)
def get_card(
    request: Request,
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> Response:
    """For anybody to read: purpose, weights, bands, floors, limits, and the figures of the
    assessment that was approved."""
    weights: Weights = request.app.state.weights
    found = stored(connection, Which(model, version))
    text = card(
        found,
        weights.of(connection, found.document_hash).document,
        assessed_for_card(connection, found),
    )
    return Response(text.encode(), media_type=MARKDOWN)


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
