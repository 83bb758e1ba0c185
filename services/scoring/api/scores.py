"""Scores: now or as of a day, with the reason for each point; and what was stored."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from services.scoring.api.base import View
from services.scoring.api.history_view import (
    PastScoreView,
    ReplayView,
    ScoreHistory,
    StoredScoreView,
)
from services.scoring.api.score_view import ScoreView, score_view
from services.scoring.api.statement_view import Statements, statement_view
from services.scoring.service.history import (
    beside_judgements,
    in_sight,
    read_history,
    read_stored,
)
from services.scoring.service.primary import read_primary
from services.scoring.service.reading import Asked, read_score, read_statements
from services.scoring.store.proof import mismatches, proof_now
from services.scoring.store.statements import Place
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, InvalidError
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import CalendarDate, Instant
from shared.http.paging import Paging
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute

router = APIRouter(route_class=StrictJsonRoute, tags=["scores"])

EARLIEST = date(1900, 1, 1)
"""Windows are made by going back from the day, so there have to be days before it."""

ChildId = Annotated[UUID, Path(description="the child's id in this tracker")]


@router.get(
    "/v1/children/{child_id}/score",
    responses=problem_responses(303, 404, 409),
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
    model: Annotated[
        str | None,
        Query(max_length=60, description="left out: the one that was primary on that day"),
    ] = None,
    version: Annotated[
        str | None, Query(max_length=20, description="left out: the one in force on that day")
    ] = None,
    known_at: Annotated[
        Instant | None, Query(description="from what was known then; left out: known now")
    ] = None,
    forecast: Annotated[
        bool, Query(description="also how it changes by itself, and the nearest change")
    ] = False,
) -> ScoreView:
    """Computed on reading. Any past question can be asked: what was true on a day (`as_of`), as
    known at an instant (`known_at`), under any version of any model. Reading writes nothing."""
    service = service_of(request)
    now = service.clock()
    today = london_date(now)
    if as_of is not None and as_of > today:
        raise _refused("/as_of", "in_future", "Ask for today or an earlier day.")
    if as_of is not None and as_of < EARLIEST:
        raise _refused("/as_of", "too_early", f"Ask for a day from {EARLIEST} on.")
    if known_at is not None and known_at > now:
        raise _refused("/known_at", "in_future", "Nobody can say yet what will be known then.")
    on = as_of or today
    model = model or read_primary(connection, on, known_at).model
    asked = Asked(model, on, version, known_at, forecast)
    return score_view(read_score(connection, request.app.state.weights, caller, child_id, asked))


@router.get(
    "/v1/children/{child_id}/scores",
    responses=problem_responses(404),
    summary="A child's stored scores",
)
def get_scores(  # noqa: PLR0913  # what a page of a list takes, and the weights
    request: Request,
    caller: Annotated[Caller, needs("scores:read")],
    connection: Connected,
    child_id: ChildId,
    page: Paging,
    response: Response,
) -> ScoreHistory:
    """The record: what was computed when, under which weights, and what made it change;
    and what professionals judged beside it. Left out: what was computed while another record
    counted for the child that you may not see by now."""
    history = read_history(connection, caller, child_id, page.after(int), page.limit + 1)
    shown = history[: page.limit]
    if len(history) > page.limit:
        link = page.next_link(f"/v1/children/{child_id}/scores", [shown[-1].number])
        response.headers["Link"] = link
    seen = in_sight(connection, caller, shown)
    past = beside_judgements(connection, request.app.state.weights, seen)
    return ScoreHistory(child_id=child_id, items=[PastScoreView.of(each) for each in past])


@router.get(
    "/v1/scores/{score_id}/replay",
    responses=problem_responses(404),
    summary="A stored score, computed again from what was known then",
)
def get_replay(
    request: Request,
    caller: Annotated[Caller, needs("scores:read")],
    connection: Connected,
    score_id: UUID,
) -> ReplayView:
    """Stored equals derived: here for one score, for all with `amber scores verify`."""
    found = read_stored(connection, request.app.state.weights, caller, score_id)
    return ReplayView(
        child_id=found.stored.child_id,
        stored=StoredScoreView.model_validate(found.stored, from_attributes=True),
        equal=found.equal,
        differences=list(found.differences),
    )


class ProofView(View):
    """How far it has been proved that stored scores follow from their inputs. No ids."""

    began_at: Annotated[datetime | None, Field(description="of the present pass")]
    checked: Annotated[int, Field(description="stored scores, in the present pass")]
    completed_at: Annotated[datetime | None, Field(description="of the last whole pass")]
    completed_checked: int | None
    mismatches: Annotated[int, Field(description="stored scores ever found not to follow")]


@router.get(
    "/v1/scores/proof",
    responses=problem_responses(),
    summary="Whether stored scores follow from their inputs",
)
def get_proof(_caller: Annotated[Caller, needs("models:read")], connection: Connected) -> ProofView:
    """All of them are computed again, some at a time, round and round."""
    proof = proof_now(connection)
    return ProofView(
        began_at=proof and proof.began_at,
        checked=proof.checked if proof else 0,
        completed_at=proof and proof.completed_at,
        completed_checked=proof and proof.completed_checked,
        mismatches=mismatches(connection),
    )


@router.get(
    "/v1/children/{child_id}/observations",
    responses=problem_responses(303, 404),
    summary="What agencies have said about a child",
)
def get_observations(
    caller: Annotated[Caller, needs("observations:read")],
    connection: Connected,
    child_id: ChildId,
    page: Paging,
    response: Response,
) -> Statements:
    """Every revision, corrected and retracted ones too, the latest day first."""
    found = read_statements(connection, caller, child_id, page.after(_place), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        last = shown[-1].observation
        key = (last.observed_on.isoformat(), last.source, last.source_ref, last.revision)
        response.headers["Link"] = page.next_link(f"/v1/children/{child_id}/observations", key)
    return Statements(child_id=child_id, items=[statement_view(one) for one in shown])


def _refused(pointer: str, code: str, message: str) -> InvalidError:
    return InvalidError([FieldError(pointer, code, message, where="query")])


def _place(day: str, source: str, source_ref: str, revision: int) -> Place:
    return Place(date.fromisoformat(day), source, source_ref, revision)
