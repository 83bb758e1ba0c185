"""`/v1/training-sessions`: training for professionals. Numbers, never names."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import ConfigDict, Field, StrictBool, StrictInt

from services.referrals.api.fields import Day, LongReason, Source
from services.referrals.api.requests import Asked
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.api.views import View
from services.referrals.domain.financial_year import financial_year
from services.referrals.domain.training import Audience, Count, Mode, Session, SessionRevision
from services.referrals.service.reporting import begun
from services.referrals.service.training import (
    correct,
    counts,
    enter,
    revisions,
    session,
    session_page,
)
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, InvalidError, ValueRefusedError
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.paging import Paging, by_id, by_revision
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.service import service_of
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/training-sessions", tags=["Training"], route_class=StrictJsonRoute)

Reader = Annotated[Caller, needs("training:read")]
Write = Annotated[Writes, writes("training:write")]

_SESSION: dict[str, Any] = {
    "topic": "Spotting exploitation early",
    "audience": "education",
    "mode": "online",
    "attended": 24,
    "held_on": "2026-06-01",
}


class SessionRequest(Asked):
    """A session that was held."""

    model_config = ConfigDict(json_schema_extra={"examples": [_SESSION]})

    topic: Annotated[Source, Field(max_length=200, description="No names of people.")]
    audience: Audience
    mode: Mode
    attended: Annotated[StrictInt, Field(ge=0, le=10_000)]
    held_on: Day

    def as_session(self, *, cancelled: bool = False) -> Session:
        """For the rules."""
        return Session(self.topic, self.audience, self.mode, self.attended, self.held_on, cancelled)


class SessionCorrection(SessionRequest):
    """What the session really was, whole; `cancelled`: it did not take place."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_SESSION, "attended": 22, "reason": "Two names were on the list twice."}
            ]
        }
    )

    cancelled: StrictBool = False
    reason: LongReason


class SessionView(View):
    """A session as it stands, or as it once was known."""

    id: UUID
    revision: int
    recorded_at: datetime
    by: Annotated[str, Field(description="The person, else the sending system.")]
    reason: str | None
    topic: str
    audience: Audience
    mode: Mode
    attended: int
    held_on: date
    cancelled: bool

    @classmethod
    def of(cls, found: SessionRevision) -> Self:
        """The view of a revision."""
        return cls(
            id=found.session_id,
            revision=found.revision,
            recorded_at=found.at,
            by=found.by.person_id or found.by.client_id,
            reason=found.reason,
            topic=found.session.topic,
            audience=found.session.audience,
            mode=found.session.mode,
            attended=found.session.attended,
            held_on=found.session.held_on,
            cancelled=found.session.cancelled,
        )


class SessionList(View):
    """Sessions, last entered first; or the revisions of one, first to last."""

    items: list[SessionView]


class CountView(View):
    """How many sessions, and how many attended; who attended twice counts twice."""

    sessions: int
    attended: int

    @classmethod
    def of(cls, count: Count) -> Self:
        """The view of a count."""
        return cls(sessions=count.sessions, attended=count.attended)


class TrainingCounts(View):
    """The sessions of a financial year."""

    period: Annotated[str, Field(examples=["2020-21"])]
    total: CountView
    by_audience: dict[Audience, CountView]
    by_mode: dict[Mode, CountView]


def _etag(view: SessionView) -> str:
    return f'"{view.revision}"'


@router.post("", status_code=201, response_model=SessionView, responses=problem_responses(413, 415))
def post_session(body: SessionRequest, request: Write) -> Response:
    """Enter a session that was held."""

    def use_case(transaction: Writing) -> SessionView:
        return SessionView.of(enter(transaction, request.caller, body.as_session()))

    return request.reply(
        use_case, location=lambda view: f"/v1/training-sessions/{view.id}", etag=_etag, about=NOBODY
    )


@router.get("", responses=problem_responses())
def list_sessions(
    _caller: Reader, connection: Connected, paging: Paging, response: Response
) -> SessionList:
    """Sessions as they stand, last entered first."""
    found = session_page(connection, paging.after(by_id), paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1].session_id
        response.headers["Link"] = paging.next_link("/v1/training-sessions", [str(last)])
    return SessionList(items=[SessionView.of(each) for each in found[: paging.limit]])


@router.get("/counts", responses=problem_responses())
def get_counts(
    request: Request,
    _caller: Reader,
    connection: Connected,
    period: Annotated[
        str, Query(max_length=20, description="A financial year.", examples=["2020-21"])
    ],
) -> TrainingCounts:
    """How many sessions a financial year had, and for whom."""
    try:
        year = financial_year(period)
    except ValueRefusedError as refused:
        error = FieldError("/period", refused.code, str(refused), where="query")
        raise InvalidError([error]) from None
    begun(year, london_date(service_of(request).clock()), "query")
    found = counts(connection, year)
    return TrainingCounts(
        period=year.label,
        total=CountView.of(found.total),
        by_audience={each: CountView.of(count) for each, count in found.by_audience.items()},
        by_mode={each: CountView.of(count) for each, count in found.by_mode.items()},
    )


@router.get("/{session_id}", responses=problem_responses(404))
def get_session(
    session_id: UUID, _caller: Reader, connection: Connected, response: Response
) -> SessionView:
    """A session as it stands."""
    view = SessionView.of(session(connection, session_id))
    response.headers["ETag"] = _etag(view)
    return view


@router.get("/{session_id}/history", responses=problem_responses(404))
def get_session_history(
    session_id: UUID, _caller: Reader, connection: Connected, paging: Paging, response: Response
) -> SessionList:
    """Every revision of a session, first to last."""
    session(connection, session_id)
    found = revisions(connection, session_id, paging.after(by_revision), paging.limit + 1)
    if len(found) > paging.limit:
        path = f"/v1/training-sessions/{session_id}/history"
        response.headers["Link"] = paging.next_link(path, [found[paging.limit - 1].revision])
    return SessionList(items=[SessionView.of(each) for each in found[: paging.limit]])


@router.post(
    "/{session_id}/corrections",
    status_code=201,
    response_model=SessionView,
    responses=problem_responses(404, 412, 413, 415),
)
def post_correction(
    session_id: UUID, body: SessionCorrection, request: Write, if_match: IfMatch = None
) -> Response:
    """Say what a session really was. What was entered before stays in its history."""
    given, read = body.as_session(cancelled=body.cancelled), revision_in(if_match)

    def use_case(transaction: Writing) -> SessionView:
        return SessionView.of(
            correct(transaction, request.caller, session_id, given, body.reason, read)
        )

    return request.reply(use_case, etag=_etag, about=NOBODY)
