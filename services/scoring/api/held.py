"""Updates that wait for a child: a person looks, and says whom they are about. DESIGN 6."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from services.scoring.api.base import View
from services.scoring.api.requests import Reference, SourceName, Strict
from services.scoring.service.held import Shown, attach, discard, read_held
from services.scoring.store.handling import Key
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.fields import WrittenReason
from shared.http.paging import Paging
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import A_CHILD, NOBODY, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(
    prefix="/v1/held-updates", route_class=StrictJsonRoute, tags=["indicator updates"]
)

_KEY: JsonDict = {"source": "police-feed", "source_ref": "MISPER-2026-0042", "revision": 1}
_WHY = "The school named the same girl; her record has the new number now."


class HeldKey(Strict):
    """Which update: in the body, because a reference may say something about somebody."""

    source: SourceName
    source_ref: Reference
    revision: Annotated[int, Field(ge=1, le=2_000_000_000)]

    def key(self) -> Key:
        """The key of the update."""
        return Key(self.source, self.source_ref, self.revision)


class Attachment(HeldKey):
    """Of whom a held update speaks, and how that is known."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {**_KEY, "child_id": "01890000-0000-7000-8000-000000000000", "reason": _WHY}
            ]
        }
    )

    child_id: Annotated[UUID, Field(strict=False)]
    reason: WrittenReason


class Discard(HeldKey):
    """Why a held update is about nobody."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**_KEY, "reason": "The sender confirms that this was a test message."}]
        }
    )

    reason: WrittenReason


class AwaitedNumber(View):
    """A number by which the child may become known."""

    type: str
    value: str


class HeldView(View):
    """An update that waits. With `withheld`, that there is one, and no more."""

    source: str | None = None
    source_ref: str | None = None
    revision: int | None = None
    child_id: Annotated[
        None, Field(description="always null: it isn't known yet of whom this speaks")
    ] = None
    reason: Literal["unknown_child", "ambiguous"]
    received_at: datetime
    code: str | None = None
    answer: str | None = None
    observed_on: date | None = None
    observed_until: date | None = None
    waits_for: Annotated[
        tuple[AwaitedNumber, ...], Field(description="the numbers that would attach it by itself")
    ] = ()
    person: Annotated[
        dict[str, str] | None,
        Field(description="what the sender knows of the person, where it has no number"),
    ] = None
    withheld: bool = False

    @classmethod
    def of(cls, shown: Shown) -> Self:
        """The view of an update that waits."""
        waiting, update = shown.waiting, shown.waiting.held.update
        least = {"reason": waiting.held.reason, "received_at": waiting.received_at}
        if not shown.readable:
            return cls.model_validate({**least, "withheld": True})
        waits_for = list(update.identifiers)
        if update.child_id is not None:
            waits_for = [("child_id", str(update.child_id))]
        return cls.model_validate(
            {
                **least,
                "source": update.source,
                "source_ref": update.source_ref,
                "revision": update.revision,
                "code": update.code,
                "answer": update.answer,
                "observed_on": update.observed_on,
                "observed_until": update.observed_until,
                "waits_for": [{"type": kind, "value": value} for kind, value in waits_for],
                "person": waiting.person,
            }
        )


class HeldList(View):
    """A page of updates that wait for a child."""

    items: list[HeldView]


class Attached(View):
    """The update counts for this child from now on."""

    child_id: UUID


class Discarded(View):
    """The update never counts."""

    discarded: Literal[True] = True


@router.get("", responses=problem_responses(), summary="Updates that wait for a child")
def get_held(
    caller: Annotated[Caller, needs("held:read")],
    connection: Connected,
    page: Paging,
    response: Response,
    source: Annotated[SourceName | None, Query(description="of one source alone")] = None,
) -> HeldList:
    """Most attach themselves once their child is known. The rest need a person who finds out."""
    found = read_held(connection, caller, source, page.after(Key), page.limit + 1)
    shown = found[: page.limit]
    if len(found) > page.limit:
        last = shown[-1].waiting.held.update
        key = (last.source, last.source_ref, last.revision)
        response.headers["Link"] = page.next_link("/v1/held-updates", key, source=source)
    return HeldList(items=[HeldView.of(each) for each in shown])


@router.post(
    "/attachments",
    response_model=Attached,
    responses=problem_responses(404, 409, 413, 415),
    summary="Say of whom a held update speaks",
)
def post_attachment(body: Attachment, write: Annotated[Writes, writes("held:decide")]) -> Response:
    """It counts from now on, and its person block is erased."""

    def use_case(transaction: Writing) -> Attached:
        found = attach(transaction, write.caller, body.key(), body.child_id, body.reason)
        return Attached(child_id=found)

    return write.reply(use_case, about=A_CHILD)


@router.post(
    "/discards",
    response_model=Discarded,
    responses=problem_responses(404, 413, 415),
    summary="Say that a held update is about nobody",
)
def post_discard(body: Discard, write: Annotated[Writes, writes("held:decide")]) -> Response:
    """What was received stays on record, without the person block."""

    def use_case(transaction: Writing) -> Discarded:
        discard(transaction, write.caller, body.key(), body.reason)
        return Discarded()

    return write.reply(use_case, about=NOBODY)
