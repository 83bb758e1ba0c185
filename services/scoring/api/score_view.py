"""What a score looks like when it is answered."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.judgement_view import JudgementView
from services.scoring.domain.sentences import explain
from services.scoring.service.reading import ReadScore

Points = Annotated[str, Field(examples=["5"], description="an exact decimal")]


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
    on: date | None = None
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


class ForecastView(View):
    """How the score stands from a day on, if nothing new arrives."""

    on: date
    status: str
    reason: ReasonView
    total: Points | None
    interval: tuple[Points, Points] | None
    band: str | None
    band_range: tuple[str | None, str | None] | None
    band_from_points: str | None
    band_from_floors: str | None
    floors: list[FloorView]
    possible_floors: list[FloorView]
    groups: list[GroupView]


class NearestView(View):
    """The single answer nearest to changing the band."""

    code: str
    answer: str
    total: Points
    band: str | None
    reason: ReasonView


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
    band_in_force: str | None = Field(
        description="the judgement's band where one stands, else the score's own"
    )
    judgement: JudgementView | None = Field(
        description="the professional's judgement on that day, beside the score"
    )
    judgement_overtaken: bool = Field(
        description="a floor above the judged band has fired since, or is there with new harm: the"
        " score's band counts, until somebody judges anew"
    )
    forecast: list[ForecastView] | None = Field(
        default=None, description="with `forecast=true`: how it changes by itself in a year"
    )
    nearest_change: NearestView | None = Field(
        default=None,
        description="with `forecast=true`: the answer nearest to changing the band, if any would",
    )


def score_view(found: ReadScore) -> ScoreView:
    """A score as it is answered: with a sentence beside every reason."""
    judged = found.judged
    return ScoreView.model_validate(
        {
            **with_sentences(found.document),
            **with_sentences(found.outlook or {}),
            "child_id": found.child_id,
            "score_id": found.score_id,
            "version": found.version.version,
            "judgement": judged and JudgementView.of(judged.recorded),
            "judgement_overtaken": judged is not None and judged.overtaken,
            "band_in_force": found.band_in_force,
            "document_hash": found.version.document_hash,
        }
    )


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
