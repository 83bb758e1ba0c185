"""Assessments: who would stand in another band under a version, worked out before it is approved.

Those who develop the weights read every figure and who moves; to everybody else no small number is
told.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.requests import Strict
from services.scoring.api.version_view import TEAM, ModelName, VersionName
from services.scoring.domain.assessed import Void
from services.scoring.domain.tally import Shown, done, enough, suppressed, whole
from services.scoring.service.assessing import read_assessment, start, void_now
from services.scoring.service.steps import Met, Which, look
from services.scoring.store.assessments import (
    Assessment,
    MoverRow,
    Status,
    assessments_of,
    movers_of,
    movers_out_of_sight,
)
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes

PERCENT = 100

router = APIRouter(
    prefix="/v1/models/{model}/versions/{version}/assessments",
    route_class=StrictJsonRoute,
    tags=["weights"],
)


class AssessmentRequest(Strict):
    """Nothing needs to be said: the version is assessed as it is, over every child."""


class CellView(View):
    """Children of a group between two bands."""

    dimension: Literal["all", "age_band", "sex", "ethnicity", "looked_after"]
    group: str
    before: str | None = Field(description="null: no band, or no version in force")
    after: str | None = Field(description="null: no band")
    children: int | None = Field(
        description="null: withheld, as it or another group's is too small"
    )

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """The view of a cell."""
        return cls.model_validate({**shown.cell._asdict(), "children": shown.children})


class Figures(View):
    """What came out."""

    movers: int | None = Field(description="children in another band; null: withheld")
    cells: list[CellView] = Field(
        description="outside the team none, where fewer than six children are between two bands or"
        " set apart"
    )
    near: dict[str, int | None] = Field(
        description="children within one point of where a band begins"
    )
    never: list[str] = Field(description="indicators that no child has")


class AssessmentView(View):
    """What an assessment is about, how far it is, and what came out once it is whole."""

    assessment_id: UUID
    model: str
    version: str
    document_hash: str
    engine_version: str
    against: str | None = Field(description="the version that this one would follow")
    as_of: date
    status: Status
    started_at: datetime
    completed_at: datetime | None
    population: int
    scored: int | None = Field(description="null, as `set_apart` is: it would give that away")
    set_apart: int | None = Field(
        description="children who can't be scored; they are counted; null, outside the team: fewer"
        " than six"
    )
    percent: int
    per_second: float | None
    seconds_left: int | None
    void: Void | None = Field(description="why an approval can't be bound to it now; null: it can")
    figures: Figures | None = Field(
        description="null until it is whole; outside the team, only of the approved one"
    )

    @classmethod
    def of(cls, found: Assessment, void: Void | None, *, in_team: bool) -> Self:
        """The view of an assessment."""
        through = found.scored + found.set_apart
        told = done(found.scored, found.set_apart, in_team=in_team)
        seconds = (found.updated_at - found.started_at).total_seconds()
        rate = through / seconds if seconds > 0 and through else None
        running = found.status is Status.RUNNING
        left = round((found.population - through) / rate) if rate and running else None
        share = PERCENT * through // found.population if found.population else None
        return cls(
            assessment_id=found.assessment_id,
            model=found.model,
            version=found.version,
            document_hash=found.document_hash,
            engine_version=found.engine_version,
            against=found.against_version,
            as_of=found.as_of,
            status=found.status,
            started_at=found.started_at,
            completed_at=found.completed_at,
            population=found.population,
            scored=told.scored,
            set_apart=told.set_apart,
            percent=(0 if running else PERCENT) if share is None else share,
            per_second=rate and round(rate, 1),
            seconds_left=left,
            void=void,
            figures=_figures(found, in_team=in_team),
        )


class AssessmentList(View):
    """The assessments of a version, the latest first."""

    items: list[AssessmentView]


class MovedView(View):
    """What makes a child move: an indicator's points, a floor's band, where a band begins, a rule
    about all."""

    what: Literal["indicator", "floor", "boundary", "rule"]
    name: str
    before: str | None
    after: str | None


class MoverView(View):
    """A child who would stand in another band."""

    child_id: UUID
    band_before: str | None
    band_after: str | None
    total_before: str | None
    total_after: str | None
    because: list[MovedView]

    @classmethod
    def of(cls, row: MoverRow) -> Self:
        """The view of a mover."""
        return cls(
            child_id=row.child_id,
            band_before=row.band_before,
            band_after=row.band_after,
            total_before=row.total_before,
            total_after=row.total_after,
            because=[
                MovedView(what=each.what, name=each.name, before=each.before, after=each.after)
                for each in row.because
            ],
        )


class MoverList(View):
    """Who would move, of those whom you may see."""

    items: list[MoverView]
    out_of_sight: int = Field(description="children who would move whom you may not see")


@router.post(
    "",
    response_model=AssessmentView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Have a version assessed",
)
def post_assessment(
    request: Request,
    write: Annotated[Writes, writes(TEAM)],
    model: ModelName,
    version: VersionName,
    body: AssessmentRequest,  # noqa: ARG001  # an empty object, so that nothing is guessed
) -> Response:
    """Every child is scored under it and under the version that it would follow, in the background
    and with the evidence of this moment."""
    which, valid_for = Which(model, version), _valid_for(request)

    return write.reply(
        lambda transaction: _view(
            look(transaction.connection, which, london_date(transaction.now)),
            start(transaction, write.caller, which),
            transaction.now,
            valid_for,
            write.caller,
        ),
        location=lambda view: (
            f"/v1/models/{model}/versions/{version}/assessments/{view.assessment_id}"
        ),
        about=NOBODY,
    )


@router.get("", responses=problem_responses(404), summary="The assessments of a version")
def get_assessments(  # noqa: PLR0913  # each is a part of the question
    request: Request,
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
    page: Paging,
    response: Response,
) -> AssessmentList:
    """The latest first."""
    now = service_of(request).clock()
    met = look(connection, Which(model, version), london_date(now))
    found = assessments_of(connection, model, version, page.after(by_id), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        place = f"/v1/models/{model}/versions/{version}/assessments"
        response.headers["Link"] = page.next_link(place, [str(shown[-1].assessment_id)])
    return AssessmentList(
        items=[_view(met, each, now, _valid_for(request), caller) for each in shown]
    )


@router.get("/{assessment_id}", responses=problem_responses(404), summary="An assessment")
def get_assessment(  # noqa: PLR0913  # each is a part of the question
    request: Request,
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
    assessment_id: UUID,
) -> AssessmentView:
    """How far it is; the figures once it is whole."""
    now = service_of(request).clock()
    met = look(connection, Which(model, version), london_date(now))
    found = read_assessment(connection, Which(model, version), assessment_id)
    return _view(met, found, now, _valid_for(request), caller)


@router.get("/{assessment_id}/movers", responses=problem_responses(404), summary="Who would move")
def get_movers(  # noqa: PLR0913  # each is a part of the question
    caller: Annotated[Caller, needs(TEAM)],
    connection: Connected,
    model: ModelName,
    version: VersionName,
    assessment_id: UUID,
    page: Paging,
    response: Response,
) -> MoverList:
    """Each child with the indicators, floors and boundaries that make the difference."""
    read_assessment(connection, Which(model, version), assessment_id)
    sight, after = caller.sight, page.after(by_id)
    found = movers_of(connection, sight, assessment_id, after, page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        place = f"/v1/models/{model}/versions/{version}/assessments/{assessment_id}/movers"
        response.headers["Link"] = page.next_link(place, [str(shown[-1].child_id)])
    return MoverList(
        items=[MoverView.of(each) for each in shown],
        out_of_sight=movers_out_of_sight(connection, sight, assessment_id),
    )


def _figures(found: Assessment, *, in_team: bool) -> Figures | None:
    if found.status is not Status.COMPLETED:
        return None
    tally = found.tally
    shown = whole(tally) if in_team else suppressed(tally, found.set_apart)
    return Figures(
        movers=found.movers if in_team or shown else None,
        cells=[CellView.of(each) for each in shown],
        near={band: number if in_team else enough(number) for band, number in tally.near.items()},
        never=tally.never,
    )


def _view(
    met: Met, found: Assessment, now: datetime, valid_for: timedelta, caller: Caller
) -> AssessmentView:
    void = void_now(met, found, now, valid_for)
    view = AssessmentView.of(found, void, in_team=TEAM in caller.scopes)
    if TEAM in caller.scopes or found.assessment_id == met.version.approved_assessment_id:
        return view
    # Two assessments, told one after the other, would tell of the child who came between them.
    return view.model_copy(update={"figures": None})


def _valid_for(request: Request) -> timedelta:
    valid_for: timedelta = request.app.state.assessment_valid_for
    return valid_for
