"""`GET /v1/events`: what happened in every service, for a consumer that keeps up. CloudEvents 1.0.

Thin: ids and kinds. Whoever wants to know more asks for it, and that look is recorded. A caller
hears of what its scopes let it read, and of children whom it may see; everything else passes by.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import anyio
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.domain import cursor as cursors
from services.gateway.domain.cursor import Heard, NoCursorError
from services.gateway.gateway import Gateway
from services.gateway.upstream import Upstreams, UpstreamUnavailableError
from shared.contracts.caller import Caller
from shared.contracts.heard import Heard as Told
from shared.contracts.heard import HeardPage
from shared.domain.errors import FieldError, InvalidError, OtherEpochError
from shared.http.callers import needs
from shared.http.problems import UnreadableRequestError, problem_responses, request_id_of
from shared.http.strict_json import StrictJsonRoute

SERVICES = frozenset({"referrals", "scoring"})
NOW = "now"
ANY_EPOCH = ""
"""Of a consumer that has heard nothing yet."""
BEYOND = 2**62
"""Behind every entry that there will ever be: the service answers where its journal ends."""


class CloudEvent(BaseModel):
    """Something happened. `data` holds ids and codes, for asking further."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "specversion": "1.0",
                    "id": "01a21e12-cc71-7513-89fb-c53e9be1d1da",
                    "source": "/scoring",
                    "type": "rating.changed",
                    "time": "2026-11-27T17:34:38.184825Z",
                    "datacontenttype": "application/json",
                    "data": {
                        "child_id": "01a21e12-cc6e-72e0-bbba-253f543b07d3",
                        "score_id": "01a21e12-dde0-7241-a1cd-754f885dcd82",
                        "cause": "new_evidence",
                    },
                }
            ]
        }
    )

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, Field(description="with `source`: the same event has the same id again")]
    source: Annotated[str, Field(examples=["/scoring"])]
    type: Annotated[str, Field(examples=["score.calculated"])]
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    data: dict[str, str]


class EventPage(BaseModel):
    """Events in the order in which each service wrote them, and where to go on."""

    items: list[CloudEvent]
    children: Annotated[list[UUID], Field(description="of whom these events are")]
    cursor: Annotated[str, Field(description="send it back as `after`")]
    more: Annotated[
        bool, Field(description="whether there is more already; a page may be empty and have more")
    ]


def events_router(gateway: Gateway, upstreams: Upstreams) -> APIRouter:
    """The feed over the services that `upstreams` reaches."""
    router = APIRouter(tags=["events"], route_class=StrictJsonRoute)

    @router.get(
        "/v1/events", responses=problem_responses(410), summary="What happened, to keep up with"
    )
    async def get_events(
        request: Request,
        caller: Annotated[Caller, needs("events:read")],
        response: Response,
        after: Annotated[
            str | None,
            Query(
                max_length=500,
                description="the `cursor` of the page before; `now`: only what comes from here on;"
                " left out: from the beginning",
            ),
        ] = None,
        limit: Annotated[int, Query(ge=2, le=200, description="about so many at most")] = 100,
    ) -> EventPage:
        """Poll it with the last `cursor`, every second or slower, and keep the cursor together
        with what you did. An event may come again: know it by `source` and `id`."""
        asking = Asking(gateway, upstreams, caller, request_id_of(request) or "")
        page = _page(await asking.all(_before(after), limit))
        response.headers["Link"] = f'</v1/events?after={page.cursor}&limit={limit}>; rel="next"'
        return page

    return router


def _before(after: str | None) -> Mapping[str, Heard]:
    if after is None or after == NOW:
        start = Heard(ANY_EPOCH, BEYOND if after == NOW else 0)
        return dict.fromkeys(SERVICES, start)
    try:
        return cursors.read(after, SERVICES)
    except NoCursorError:
        error = FieldError(
            "/after", "invalid_cursor", "Send back a `cursor` as it was answered.", where="query"
        )
        raise InvalidError([error]) from None


@dataclass(frozen=True, slots=True)
class Asking:
    """One consumer asking every service at once."""

    gateway: Gateway
    upstreams: Upstreams
    caller: Caller
    request_id: str

    async def all(self, before: Mapping[str, Heard], limit: int) -> Mapping[str, HeardPage]:
        """The next page of every service.

        Raises:
            UpstreamUnavailableError, UnreadableRequestError: one gives none, or not in time.
            OtherEpochError: one of them isn't what it was when the consumer heard it last.
        """
        found: dict[str, HeardPage] = {}
        failed: list[UpstreamUnavailableError | UnreadableRequestError] = []

        async def ask(name: str, heard: Heard) -> None:
            try:
                found[name] = await self._one(name, heard.position, limit // len(before))
            except (UpstreamUnavailableError, UnreadableRequestError) as error:
                failed.append(error)

        async with anyio.create_task_group() as group:
            for name, heard in before.items():
                group.start_soon(ask, name, heard)
        if failed:
            raise failed[0]
        if any(before[name].epoch not in {page.epoch, ANY_EPOCH} for name, page in found.items()):
            raise OtherEpochError
        return found

    async def _one(self, name: str, after: int, limit: int) -> HeardPage:
        token = self.gateway.signer.service_token(self.caller, name, self.gateway.clock())
        headers = {"authorization": f"Bearer {token}", "x-request-id": self.request_id}
        url = f"/internal/consumer-events?after={after}&limit={limit}"
        answer = await self.upstreams.send(name, "GET", url, headers, b"")
        if not answer.is_success:
            raise UpstreamUnavailableError(
                "A part of the tracker can't tell its events now. Send the request again."
            )
        return HeardPage.model_validate_json(answer.content)


def _page(pages: Mapping[str, HeardPage]) -> EventPage:
    told = [(name, event) for name, page in pages.items() for event in page.events]
    # By time; what one service wrote stays in the order in which it wrote it.
    told.sort(key=lambda each: (each[1].recorded_at, each[0], each[1].position))
    return EventPage(
        items=[_event(name, event) for name, event in told],
        children=sorted({event.child_id for _, event in told if event.child_id is not None}),
        cursor=cursors.written(
            {name: Heard(page.epoch, page.next) for name, page in pages.items()}
        ),
        more=any(page.more for page in pages.values()),
    )


def _event(service: str, told: Told) -> CloudEvent:
    about = {} if told.child_id is None else {"child_id": str(told.child_id)}
    return CloudEvent(
        id=told.id,
        source=f"/{service}",
        type=told.kind,
        time=told.recorded_at,
        data={**about, **told.ids},
    )
