"""How far the children are scored under a version that has come into force."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Request
from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.version_view import ModelName, VersionName
from services.scoring.service.activating import Progress, read_activation
from services.scoring.service.steps import Which
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute

PERCENT = 100

router = APIRouter(
    prefix="/v1/models/{model}/versions/{version}", route_class=StrictJsonRoute, tags=["weights"]
)


class ActivationView(View):
    """An activation: complete only once scored + set apart = population."""

    model: str
    version: str
    document_hash: str
    in_force_from: date
    began_at: datetime
    completed_at: datetime | None
    superseded_at: datetime | None = Field(
        description="another version came into force, or this one was retired, before all were"
        " through"
    )
    population: int
    scored: int
    set_apart: int = Field(description="children whose score can't be computed")
    due: int = Field(description="children whose score is behind now, for whatever reason")
    percent: int
    per_second: float | None
    seconds_left: int | None

    @classmethod
    def of(cls, found: Progress) -> Self:
        """The view of an activation."""
        one, counted = found.activation, found.counted
        done = counted.scored + counted.set_apart
        seconds = (found.until - one.began_at).total_seconds()
        rate = done / seconds if seconds > 0 and done else None
        left = round((counted.population - done) / rate) if rate and one.is_open else None
        return cls(
            model=one.model,
            version=one.version,
            document_hash=one.document_hash,
            in_force_from=one.first_day,
            began_at=one.began_at,
            completed_at=one.completed_at,
            superseded_at=one.superseded_at,
            population=counted.population,
            scored=counted.scored,
            set_apart=counted.set_apart,
            due=counted.due,
            percent=PERCENT * done // counted.population if counted.population else PERCENT,
            per_second=rate and round(rate, 1),
            seconds_left=left,
        )


@router.get(
    "/activation",
    responses=problem_responses(404),
    summary="How far the children are scored under a version in force",
)
def get_activation(
    request: Request,
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> ActivationView:
    """While it goes on, scores that are read are right under the version in force all the same."""
    now = service_of(request).clock()
    return ActivationView.of(read_activation(connection, Which(model, version), now))
