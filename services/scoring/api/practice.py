"""What practice says of the weights: how often scores are judged otherwise, and comments.

That is how weights develop: the author of the next version reads both beside each indicator.
"""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from services.scoring.api.base import View
from services.scoring.api.requests import Strict
from services.scoring.api.version_view import decides
from services.scoring.service.practice import (
    Override,
    Practice,
    Practised,
    Remark,
    comment_on,
    overrides,
    practice_beside,
    read_comments,
)
from services.scoring.service.steps import Which, stored
from services.scoring.service.weights import Weights
from services.scoring.store.practice import Comment
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import printable
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/models/{model}", route_class=StrictJsonRoute, tags=["models"])

Name = Annotated[str, Path(max_length=60)]
Label = Annotated[str, Path(max_length=20)]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=10, max_length=2_000),
    AfterValidator(printable),
]


class OverrideView(View):
    """How often scores to which an indicator gave points were judged to another band."""

    indicator: str
    judged: Annotated[
        int | None, Field(description="null: scores of fewer than six children, too few to tell")
    ]
    otherwise: int | None

    @classmethod
    def of(cls, found: Override) -> Self:
        """The view of an indicator's overrides."""
        return cls(indicator=found.indicator, judged=found.judged, otherwise=found.otherwise)


class OverrideList(View):
    """By indicator; indicators that gave points to no judged score are left out."""

    model: str
    version: str
    items: list[OverrideView]


class CommentRequest(Strict):
    """What you have seen of an indicator in practice. Leave out whatever says who a child is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "score_id": None,
                    "comment": "Counts a single late return from school like a night away.",
                }
            ]
        }
    )

    score_id: Annotated[
        UUID | None,
        Field(strict=False, description="the score in whose light you say it; null: none"),
    ]
    comment: Words


class CommentView(View):
    """A comment. The score it was made at isn't told to those who read about weights."""

    id: UUID
    model: str
    version: str
    indicator: str
    by: str | None = Field(
        description="null to who doesn't decide about weights, but for a comment of their own"
    )
    at: datetime
    comment: str

    @classmethod
    def of(cls, found: Comment, caller: Caller) -> Self:
        """The view of a comment."""
        named = decides(caller) or found.person_id == caller.person_id
        return cls(
            id=found.comment_id,
            model=found.model,
            version=found.version,
            indicator=found.indicator,
            by=found.person_id if named else None,
            at=found.at,
            comment=found.comment,
        )


class PractisedView(View):
    """An indicator as it is in a version, and what practice says of it."""

    indicator: str
    title: str
    judged: int | None = Field(
        description="judged scores to which it gave points; null: of fewer than six children"
    )
    otherwise: int | None
    comments: list[CommentView]

    @classmethod
    def of(cls, found: Practised, caller: Caller) -> Self:
        """The view of an indicator in practice."""
        override = found.override
        return cls(
            indicator=found.indicator,
            title=found.title,
            judged=override and override.judged,
            otherwise=override and override.otherwise,
            comments=[CommentView.of(each, caller) for each in found.comments],
        )


class PracticeView(View):
    """Beside each indicator: how often scores were judged otherwise, and the latest comments."""

    counted_under: str | None = Field(description="the version in force, whose scores were judged")
    indicators: list[PractisedView]

    @classmethod
    def of(cls, found: Practice, caller: Caller) -> Self:
        """The view of practice."""
        return cls(
            counted_under=found.counted_under,
            indicators=[PractisedView.of(each, caller) for each in found.indicators],
        )


class CommentList(View):
    """Comments on a model's indicators, the latest first."""

    items: list[CommentView]


@router.get(
    "/versions/{version}/override-rates",
    responses=problem_responses(404),
    summary="How often scores are judged otherwise, by indicator",
)
def get_overrides(
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: Name,
    version: Label,
) -> OverrideList:
    """Small numbers are withheld."""
    found = overrides(connection, model, version)
    return OverrideList(
        model=model, version=version, items=[OverrideView.of(each) for each in found]
    )


@router.get(
    "/versions/{version}/practice",
    responses=problem_responses(404),
    summary="What practice says of each indicator of a version",
)
def get_practice(
    request: Request,
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: Name,
    version: Label,
) -> PracticeView:
    """A draft carries the same: that is how weights develop."""
    weights: Weights = request.app.state.weights
    found = stored(connection, Which(model, version))
    loaded = weights.of(connection, found.document_hash)
    today = london_date(service_of(request).clock())
    return PracticeView.of(practice_beside(connection, loaded.model, today), caller)


@router.post(
    "/versions/{version}/indicators/{indicator}/comments",
    status_code=201,
    response_model=CommentView,
    responses=problem_responses(404, 413, 415),
    summary="Comment on an indicator",
)
def post_comment(  # noqa: PLR0913  # each is a part of the question
    request: Request,
    model: Name,
    version: Label,
    indicator: Name,
    body: CommentRequest,
    write: Annotated[Writes, writes("judgements:write")],
) -> Response:
    """The author of the next version reads it."""
    weights: Weights = request.app.state.weights

    def use_case(transaction: Writing) -> CommentView:
        said = Remark(model, version, indicator, body.score_id, body.comment)
        return CommentView.of(comment_on(transaction, weights, write.caller, said), write.caller)

    return write.reply(use_case, about=NOBODY)


@router.get("/comments", responses=problem_responses(), summary="Comments on indicators")
def get_comments(
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: Name,
    page: Paging,
    response: Response,
) -> CommentList:
    """On every version of a model, the latest first."""
    found = read_comments(connection, model, page.after(by_id), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        key = [str(shown[-1].comment_id)]
        response.headers["Link"] = page.next_link(f"/v1/models/{model}/comments", key)
    return CommentList(items=[CommentView.of(each, caller) for each in shown])
