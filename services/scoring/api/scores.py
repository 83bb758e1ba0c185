"""Scores: now or as of a day, with the reason for each point; and what was stored."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.domain.sentences import explain
from services.scoring.service.reading import (
    Asked,
    read_history,
    read_score,
    read_statements,
)
from services.scoring.store.observations import Stated
from services.scoring.store.scores import StoredScore
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, InvalidError
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import CalendarDate
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(route_class=StrictJsonRoute, tags=["scores"])

ChildId = Annotated[UUID, Path(description="the child's id in this tracker")]
Limit = Annotated[int, Query(ge=1, le=200, description="at most so many, the latest first")]
Points = Annotated[str, Field(examples=["5"], description="an exact decimal")]


class View(BaseModel):
    """What is answered: exactly the fields declared."""

    model_config = ConfigDict(extra="forbid")


class ReasonView(View):
    """Why: a stable code with its parameters, and the sentence, for the child to read as well."""

    code: str
    params: dict[str, Any]
    text: str


class ObservationRef(View):
    """Which statement a point follows from. With `withheld`, that there is one, and no more."""

    source: str | None = None
    source_ref: str | None = None
    revision: int | None = None
    agency: str | None = None
    observed_on: date | None = None
    observed_until: date | None = None
    withheld: bool = False


class AnswerRef(ObservationRef):
    """A statement with what it said."""

    code: str | None = None
    answer: str | None = None


class ContributionView(View):
    """What one indicator adds: points, and the interval they lie in while it is not known."""

    indicator: str
    title: str
    kind: Literal["harm", "risk", "vulnerability", "protective", "context"]
    group: str | None
    state: str
    present: bool | None
    points: Points
    interval: tuple[Points, Points]
    observations: list[ObservationRef]
    reason: ReasonView


class UnknownView(View):
    """What nobody has told, in the order to ask."""

    indicator: str
    code: str | None
    held_by: list[str]
    asked: bool
    least: Points
    most: Points
    could_change_band: bool


class DisagreementView(View):
    """Answers of one day that differ; the one with most points counts."""

    code: str
    on: date
    answers: list[AnswerRef]


class FloorView(View):
    """A floor that lifts the band, whatever the points."""

    id: str
    band: str
    reason: ReasonView


class GroupView(View):
    """What a group's members add up to, and what the group takes away."""

    group: str
    members: Points
    points: Points
    taken_away: Points


class StalenessView(View):
    """A feed that is silent, and the indicators that lean on it."""

    agency: str
    indicators: list[str]


class ScoreView(View):
    """A score with its reasons. It supports a decision and never is one."""

    child_id: UUID
    score_id: UUID | None = Field(
        description="the stored score that says the same; null while it is being computed,"
        " or for another day or version"
    )
    model: str
    version: str
    document_hash: str = Field(description="which weights, to the letter")
    engine_version: str
    as_of: date
    status: Literal["complete", "provisional", "incomplete", "not_applicable"]
    status_reason: ReasonView | None
    age: int | None
    age_estimated: bool
    total: Points | None
    interval: tuple[Points, Points] | None
    band: str | None
    band_range: tuple[str | None, str | None] | None
    band_from_points: str | None
    band_from_floors: str | None
    floors: list[FloorView]
    possible_floors: list[FloorView]
    subtotals: dict[str, Points]
    groups: list[GroupView]
    contributions: list[ContributionView]
    unknowns: list[UnknownView]
    disagreements: list[DisagreementView]
    not_understood: list[AnswerRef]
    staleness: list[StalenessView]


class StoredScoreView(View):
    """A score as it was stored: the record, never changed."""

    score_id: UUID
    number: int
    calculated_at: datetime
    as_of: date
    model: str
    version: str
    document_hash: str
    engine_version: str
    status: str
    total: Points | None
    band: str | None


class ScoreHistory(View):
    """The stored scores of a child, the latest first."""

    child_id: UUID
    items: list[StoredScoreView]


class StatementView(View):
    """One revision of a statement. With `withheld`, that there is one, and no more."""

    source: str | None = None
    source_ref: str | None = None
    revision: int | None = None
    agency: str | None = None
    code: str | None = None
    answer: str | None = None
    observed_on: date | None = None
    observed_until: date | None = None
    incident_ref: str | None = None
    recorded_at: datetime | None = None
    retracted: bool = False
    superseded: bool = False
    withheld: bool = False


class Statements(View):
    """What agencies have said about a child, the latest day first."""

    child_id: UUID
    items: list[StatementView]


@router.get(
    "/v1/children/{child_id}/score",
    responses=problem_responses(404, 409),
    summary="A child's score, with the reason for each point",
)
def get_score(  # noqa: PLR0913  # each is a part of the question
    request: Request,
    caller: Annotated[Caller, needs("scores:read")],
    connection: Connected,
    child_id: ChildId,
    as_of: Annotated[
        CalendarDate | None, Query(description="the day asked about; left out: today")
    ] = None,
    version: Annotated[
        str | None, Query(max_length=20, description="left out: the one in force on that day")
    ] = None,
) -> ScoreView:
    """Computed on reading, from what is known now. Reading writes nothing."""
    service = service_of(request)
    today = london_date(service.clock())
    if as_of is not None and as_of > today:
        raise InvalidError(
            [FieldError("/as_of", "in_future", "Ask for today or an earlier day.", where="query")]
        )
    asked = Asked(request.app.state.primary_model, as_of or today, version)
    found = read_score(connection, request.app.state.weights, caller, child_id, asked)
    return ScoreView.model_validate(
        {
            **with_sentences(found.document),
            "child_id": found.child_id,
            "score_id": found.score_id,
            "version": found.version.version,
            "document_hash": found.version.document_hash,
        }
    )


@router.get(
    "/v1/children/{child_id}/scores",
    responses=problem_responses(404),
    summary="A child's stored scores",
)
def get_scores(
    caller: Annotated[Caller, needs("scores:read")],
    connection: Connected,
    child_id: ChildId,
    limit: Limit = 50,
) -> ScoreHistory:
    """The record: what was computed when, under which weights."""
    stored = read_history(connection, caller, child_id, limit)
    return ScoreHistory(child_id=child_id, items=[_stored(one) for one in stored])


@router.get(
    "/v1/children/{child_id}/observations",
    responses=problem_responses(404),
    summary="What agencies have said about a child",
)
def get_observations(
    caller: Annotated[Caller, needs("observations:read")],
    connection: Connected,
    child_id: ChildId,
    limit: Limit = 50,
) -> Statements:
    """Every revision, corrected and retracted ones too."""
    found = read_statements(connection, caller, child_id, limit)
    return Statements(child_id=child_id, items=[_statement(one) for one in found])


def with_sentences(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """The document with a sentence beside every reason. Sentences are made on reading, so that
    better words reach old scores too."""
    if isinstance(value, Mapping):
        inner = {key: with_sentences(part) for key, part in value.items()}
        if inner.keys() == {"code", "params"}:
            inner["text"] = explain(value["code"], value["params"])
        return inner
    if isinstance(value, list):
        return [with_sentences(part) for part in value]
    return value


def _stored(one: StoredScore) -> StoredScoreView:
    return StoredScoreView(
        score_id=one.score_id,
        number=one.number,
        calculated_at=one.calculated_at,
        as_of=one.as_of,
        model=one.model,
        version=one.version,
        document_hash=one.document_hash,
        engine_version=one.engine_version,
        status=one.document["status"],
        total=one.document["total"],
        band=one.document["band"],
    )


def _statement(stated: Stated | None) -> StatementView:
    if stated is None:
        return StatementView(withheld=True)
    said = stated.observation
    return StatementView(
        source=said.source,
        source_ref=said.source_ref,
        revision=said.revision,
        agency=said.agency,
        code=said.code,
        answer=said.answer,
        observed_on=said.observed_on,
        observed_until=said.observed_until,
        incident_ref=said.incident_ref,
        recorded_at=stated.recorded_at,
        retracted=stated.retracted,
        superseded=stated.superseded,
    )
