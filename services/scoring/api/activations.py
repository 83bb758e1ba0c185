"""How far the children are scored under a version that has come into force."""

from datetime import date, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Request
from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.version_view import TEAM, ModelName, VersionName
from services.scoring.domain.tally import done, enough
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
    scored: int | None = Field(description="null, as `set_apart` is: it would give that away")
    set_apart: int | None = Field(
        description="children whose score can't be computed; null, outside the team: fewer than six"
    )
    due: int | None = Field(
        description="children whose score is behind now, for whatever reason; null, outside the"
        " team: fewer than six"
    )
    percent: int
    per_second: float | None
    seconds_left: int | None

    @classmethod
    def of(cls, found: Progress, *, in_team: bool) -> Self:
        """The view of an activation; small numbers only for the team."""
        one, counted = found.activation, found.counted
        through = counted.scored + counted.set_apart
        told = done(counted.scored, counted.set_apart, in_team=in_team)
        seconds = (found.until - one.began_at).total_seconds()
        rate = through / seconds if seconds > 0 and through else None
        left = round((counted.population - through) / rate) if rate and one.is_open else None
        return cls(
            model=one.model,
            version=one.version,
            document_hash=one.document_hash,
            in_force_from=one.first_day,
            began_at=one.began_at,
            completed_at=one.completed_at,
            superseded_at=one.superseded_at,
            population=counted.population,
            scored=told.scored,
            set_apart=told.set_apart,
            due=counted.due if in_team else enough(counted.due),
            percent=PERCENT * through // counted.population if counted.population else PERCENT,
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
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    model: ModelName,
    version: VersionName,
) -> ActivationView:
    """While it goes on, scores that are read are right under the version in force all the same."""
    now = service_of(request).clock()
    found = read_activation(connection, Which(model, version), now)
    return ActivationView.of(found, in_team=TEAM in caller.scopes)
