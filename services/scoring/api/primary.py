"""Which model is primary: asked for any day as known at any instant; decided by two people."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field, StringConstraints

from services.scoring.api.base import View
from services.scoring.api.requests import Strict
from services.scoring.api.version_view import decides
from services.scoring.domain.primary import Decision, Outcome, Proposal
from services.scoring.service.primary import (
    Wish,
    decide_primary,
    propose_primary,
    read_primary,
    read_proposal,
)
from services.scoring.store.primary import proposals
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.fields import CalendarDate, Instant, WrittenReason
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes

PROPOSALS = "/v1/primary-model/proposals"

router = APIRouter(route_class=StrictJsonRoute, tags=["weights"])


class PrimaryView(View):
    """The primary model on a day, as known at an instant."""

    on: date
    model: str
    since: date | None = Field(description="null: from the first, by nobody's decision")


class PrimaryProposalRequest(Strict):
    """Which model should be primary, from which day on (London), and why."""

    model: Annotated[str, StringConstraints(min_length=1, max_length=60)] = Field(
        examples=["child-exploitation"]
    )
    effective_from: Annotated[CalendarDate, Field(strict=False)]
    reason: WrittenReason = Field(examples=["MACE read both beside each other for a year."])


class PrimaryReason(Strict):
    """Why, in words."""

    reason: WrittenReason = Field(examples=["Read with MACE; the review in May recommends it."])


class PrimaryDecisionView(View):
    """What became of a proposal: who, why, and how many children had a score then. Who and why:
    null to who doesn't decide about weights."""

    outcome: Outcome
    by_person_id: str | None
    reason: str | None
    at: datetime
    affected: int

    @classmethod
    def of(cls, found: Decision, caller: Caller) -> Self:
        """The view of a decision."""
        named = decides(caller)
        return cls(
            outcome=found.outcome,
            by_person_id=found.person_id if named else None,
            reason=found.reason if named else None,
            at=found.at,
            affected=found.affected,
        )


class PrimaryProposalView(View):
    """A proposal that a model be primary, and what became of it. Who and why: null to who doesn't
    decide about weights."""

    proposal_id: UUID
    model: str
    effective_from: date
    person_id: str | None
    reason: str | None
    at: datetime
    primary_from: date | None = Field(
        description="the first day on which it counts, once confirmed"
    )
    decision: PrimaryDecisionView | None

    @classmethod
    def of(cls, found: Proposal, caller: Caller) -> Self:
        """The view of a proposal."""
        named = decides(caller)
        return cls(
            proposal_id=found.proposal_id,
            model=found.model,
            effective_from=found.effective_from,
            person_id=found.person_id if named else None,
            reason=found.reason if named else None,
            at=found.at,
            primary_from=found.primary_from,
            decision=found.decision and PrimaryDecisionView.of(found.decision, caller),
        )


class PrimaryProposalList(View):
    """Proposals of a primary model, the latest first."""

    items: list[PrimaryProposalView]


@router.get("/v1/primary-model", responses=problem_responses(), summary="Which model is primary")
def get_primary(
    request: Request,
    _caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    on: Annotated[CalendarDate | None, Query(description="left out: today")] = None,
    known_at: Annotated[
        Instant | None, Query(description="from what was decided by then; left out: by now")
    ] = None,
) -> PrimaryView:
    """The model whose scores are the children's, unless another is asked for. A later day answers
    what has been decided for it."""
    on = on or london_date(service_of(request).clock())
    found = read_primary(connection, on, known_at)
    return PrimaryView(on=on, model=found.model, since=found.since)


@router.get(PROPOSALS, responses=problem_responses(), summary="Who proposed and decided it")
def get_proposals(
    caller: Annotated[Caller, needs("models:read")],
    connection: Connected,
    page: Paging,
    response: Response,
) -> PrimaryProposalList:
    """The latest first, each with what became of it."""
    found = proposals(connection, page.after(by_id), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        response.headers["Link"] = page.next_link(PROPOSALS, [str(shown[-1].proposal_id)])
    return PrimaryProposalList(items=[PrimaryProposalView.of(each, caller) for each in shown])


@router.get(
    PROPOSALS + "/{proposal_id}", responses=problem_responses(404), summary="One such proposal"
)
def get_proposal(
    caller: Annotated[Caller, needs("models:read")], connection: Connected, proposal_id: UUID
) -> PrimaryProposalView:
    """With what became of it."""
    return PrimaryProposalView.of(read_proposal(connection, proposal_id), caller)


@router.post(
    PROPOSALS,
    response_model=PrimaryProposalView,
    status_code=201,
    responses=problem_responses(404, 415),
    summary="Propose another primary model",
)
def post_proposal(
    write: Annotated[Writes, writes("models:propose")], body: PrimaryProposalRequest
) -> Response:
    """The first of two people. Nothing changes until another one confirms."""
    wish = Wish(body.model, body.effective_from, body.reason)
    return write.reply(
        lambda transaction: PrimaryProposalView.of(
            propose_primary(transaction, write.caller, wish), write.caller
        ),
        location=lambda view: f"{PROPOSALS}/{view.proposal_id}",
        about=NOBODY,
    )


@router.post(
    PROPOSALS + "/{proposal_id}/confirmation",
    response_model=PrimaryProposalView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Confirm what somebody else proposed",
)
def post_confirmation(
    write: Annotated[Writes, writes("models:approve")],
    proposal_id: UUID,
    body: PrimaryReason,
) -> Response:
    """The second of two people. From its first day on every child is scored under the version of
    that model which is in force."""
    return _decide(write, proposal_id, Outcome.CONFIRMED, body)


@router.post(
    PROPOSALS + "/{proposal_id}/withdrawal",
    response_model=PrimaryProposalView,
    status_code=201,
    responses=problem_responses(404, 409, 415),
    summary="Take back a proposal that nobody has confirmed",
)
def post_withdrawal(
    write: Annotated[Writes, writes("models:propose")],
    proposal_id: UUID,
    body: PrimaryReason,
) -> Response:
    """What was proposed stays on record, with the reason."""
    return _decide(write, proposal_id, Outcome.WITHDRAWN, body)


def _decide(write: Writes, proposal_id: UUID, outcome: Outcome, body: PrimaryReason) -> Response:
    return write.reply(
        lambda transaction: PrimaryProposalView.of(
            decide_primary(transaction, write.caller, proposal_id, outcome, body.reason),
            write.caller,
        ),
        about=NOBODY,
    )
