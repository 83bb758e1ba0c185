"""`/v1/children/{id}/merge`, `…/unmerge`, `…/merges`: a person says that two records are one
child, or that they are not."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field

from services.referrals.api.fields import LongReason
from services.referrals.api.requests import Asked
from services.referrals.api.views import View
from services.referrals.domain.child_merge import Merge, MergeCommand
from services.referrals.service.child_merging import merge_children, merges_of, unmerge_child
from shared.contracts.caller import Caller
from shared.http.callers import needs
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import About, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/children/{child_id}", tags=["Children"], route_class=StrictJsonRoute)

_REASON = "The same NHS number stands in the letters of both schools."
Merges = Annotated[Writes, writes("children:merge")]


class UnmergeRequest(Asked):
    """Why they are two children."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": _REASON}]})

    reason: LongReason


BOTH = About(("child_id", "survivor_id"))


class MergeRequest(UnmergeRequest):
    """Who stands for both, and why they are one child."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"survivor_id": "019e8200-0000-7000-8000-000000000002", "reason": _REASON}]
        }
    )

    survivor_id: Annotated[UUID, Field(description="The record under which the child is known.")]


class MergeView(View):
    """What a person said: `child_id` is `survivor_id`, or is it no more."""

    id: UUID
    command: MergeCommand
    child_id: UUID
    survivor_id: UUID
    at: datetime
    by: Annotated[str | None, Field(description="The person.", examples=["p-0001"])]
    reason: str

    @classmethod
    def of(cls, said: Merge) -> Self:
        """The view of a merge or its undoing."""
        return cls(
            id=said.merge_id,
            command=said.command,
            child_id=said.child_id,
            survivor_id=said.survivor_id,
            at=said.at,
            by=said.by.person_id,
            reason=said.reason,
        )


class MergeList(View):
    """Merges of a child and their undoing, newest first."""

    items: list[MergeView]


@router.post(
    "/merge",
    status_code=201,
    response_model=MergeView,
    responses=problem_responses(404, 409, 413, 415),
)
def post_merge(child_id: UUID, body: MergeRequest, request: Merges) -> Response:
    """Merge this record into another. Nothing is lost or moved: the survivor shows what both hold,
    whoever could see only one of them sees neither, and `unmerge` brings both back."""

    def use_case(transaction: Writing) -> MergeView:
        return MergeView.of(
            merge_children(transaction, request.caller, child_id, body.survivor_id, body.reason)
        )

    return request.reply(use_case, about=BOTH)


@router.post(
    "/unmerge",
    status_code=201,
    response_model=MergeView,
    responses=problem_responses(404, 409, 413, 415),
)
def post_unmerge(child_id: UUID, body: UnmergeRequest, request: Merges) -> Response:
    """Part a merged record, named by its own former id, from the child it was merged into."""

    def use_case(transaction: Writing) -> MergeView:
        return MergeView.of(unmerge_child(transaction, request.caller, child_id, body.reason))

    return request.reply(use_case, about=BOTH)


@router.get("/merges", responses=problem_responses(303, 404))
def list_merges(
    child_id: UUID,
    caller: Annotated[Caller, needs("children:read")],
    connection: Connected,
    paging: Paging,
    response: Response,
) -> MergeList:
    """Who merged what into this child, or parted it again, and why, newest first."""
    found = merges_of(connection, caller.sight, child_id, paging.after(by_id), paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1].merge_id
        response.headers["Link"] = paging.next_link(f"/v1/children/{child_id}/merges", [str(last)])
    return MergeList(items=[MergeView.of(each) for each in found[: paging.limit]])
