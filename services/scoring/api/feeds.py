"""Feeds: whether each source speaks, and what of it never arrived. DESIGN 6."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Path, Request, Response
from pydantic import ConfigDict, Field

from services.scoring.api.base import View
from services.scoring.api.requests import SourceName, Strict
from services.scoring.domain.feeds import Range
from services.scoring.service.feeds import (
    MOST_GAPS,
    FeedStatus,
    Silence,
    heartbeat,
    read_feed,
    read_feeds,
)
from services.scoring.store.feeds import Source
from shared.contracts.caller import Caller
from shared.domain.london import london_date
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes

router = APIRouter(prefix="/v1/feeds", route_class=StrictJsonRoute, tags=["feeds"])

SourcePath = Annotated[SourceName, Path(examples=["police-feed"])]


class Heartbeat(Strict):
    """That a source is there, and how far it has sent, even if there was nothing to send."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"sent_up_to": 4213}]})

    sent_up_to: Annotated[
        int | None,
        Field(
            ge=0,
            le=2_000_000_000,
            description="the highest `sequence` that it has sent; null where it numbers nothing",
        ),
    ] = None


class FeedView(View):
    """A source of indicator updates."""

    source: str
    agency: str
    state: Annotated[
        Literal["fresh", "silent"] | None,
        Field(description="null: not yet decided, within seconds after a start"),
    ]
    last_heard_at: Annotated[
        datetime | None,
        Field(
            description="the last heartbeat, or push from which an item was taken (one whose items"
            " were all rejected tells nothing); null: none on record"
        ),
    ]
    heartbeat_at: datetime | None
    sent_up_to: Annotated[int | None, Field(description="the highest that its heartbeats said")]
    last_observed_on: Annotated[
        date | None, Field(description="the latest day that any of its statements speaks of")
    ]

    @classmethod
    def of(cls, source: Source) -> Self:
        """The view of a source."""
        return cls.model_validate(_facts(source))


class FeedList(View):
    """The sources that you may see."""

    items: list[FeedView]


class RangeView(View):
    """Consecutive numbers, both ends included."""

    first: int
    last: int


class TurnView(View):
    """From when on a source was fresh or silent."""

    state: Literal["fresh", "silent"]
    at: datetime
    on: Annotated[date, Field(description="the day from which scores count it so (London)")]


class FeedDetail(FeedView):
    """A source with what never arrived, and when it was silent."""

    silent_after_hours: int
    last_sequence: Annotated[int | None, Field(description="the highest number received")]
    missing: Annotated[
        int, Field(description="how many numbers from 1 on never arrived, all of them counted")
    ]
    gaps: Annotated[
        list[RangeView], Field(description=f"which: the latest {MOST_GAPS} gaps, in order")
    ]
    earlier_gaps: Annotated[
        bool, Field(description="whether there are earlier ones, counted but not listed")
    ]
    lag_days: Annotated[
        int | None,
        Field(description="from `last_observed_on` to the day it was last heard: how far behind"),
    ]
    turns: Annotated[list[TurnView], Field(description="the latest 50, the last one first")]


@router.get("", responses=problem_responses(), summary="Which feeds speak, and which are silent")
def get_feeds(caller: Annotated[Caller, needs("feeds:read")], connection: Connected) -> FeedList:
    """A feed sees its own sources, everybody else all."""
    return FeedList(items=[FeedView.of(each) for each in read_feeds(connection, caller)])


@router.get("/{source}", responses=problem_responses(404), summary="One feed, and what never came")
def get_feed(
    request: Request,
    caller: Annotated[Caller, needs("feeds:read")],
    connection: Connected,
    source: SourcePath,
) -> FeedDetail:
    """So that a sender can prove that everything arrived, and a reader knows what silence means."""
    silence: Silence = request.app.state.silence
    return _detail(read_feed(connection, caller, silence, source))


@router.post(
    "/{source}/heartbeats",
    response_model=FeedView,
    status_code=200,
    responses=problem_responses(413, 415),
    summary="Say that a feed is there",
)
def post_heartbeat(
    request: Request,
    source: SourcePath,
    body: Heartbeat,
    write: Annotated[Writes, writes("updates:write")],
) -> Response:
    """Nothing happened is news as well: without it, silence is not taken for a no."""
    silence: Silence = request.app.state.silence
    return write.reply(
        lambda transaction: FeedView.of(
            heartbeat(transaction, write.caller, silence, source, body.sent_up_to)
        ),
        status=200,
        about=NOBODY,
    )


def _detail(found: FeedStatus) -> FeedDetail:
    source = found.source
    heard, observed = source.last_heard_at, source.last_observed_on
    return FeedDetail(
        **_facts(source),
        silent_after_hours=int(found.silent_after.total_seconds() // 3600),
        last_sequence=found.last_sequence,
        missing=found.missing,
        gaps=[_range(gap) for gap in found.gaps],
        earlier_gaps=found.missing > sum(gap.last - gap.first + 1 for gap in found.gaps),
        lag_days=(london_date(heard) - observed).days if heard and observed else None,
        turns=[TurnView(state=turn.state.value, at=turn.at, on=turn.on) for turn in found.turns],
    )


def _range(gap: Range) -> RangeView:
    return RangeView(first=gap.first, last=gap.last)


def _facts(source: Source) -> dict[str, object]:
    return {
        "source": source.source,
        "agency": source.agency,
        "state": None if source.state is None else source.state.value,
        "last_heard_at": source.last_heard_at,
        "heartbeat_at": source.heartbeat_at,
        "sent_up_to": source.announced_sequence,
        "last_observed_on": source.last_observed_on,
    }
