"""`/v1/referral-drafts`: a referral written over days, submitted once it is whole."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field

from services.referrals.api import examples
from services.referrals.api.requests import ReferralDraftRequest
from services.referrals.api.revisions import IfMatch, etag_of, revision_in
from services.referrals.api.timings import LocalTimings
from services.referrals.api.views import SENT, ReferralView, View
from services.referrals.api.whole import read_referral
from services.referrals.domain.drafts import Draft
from services.referrals.domain.referral import GivenReferral
from services.referrals.service.drafts import (
    discard,
    own_draft,
    own_drafts,
    save_new,
    submit,
    write_on,
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
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/referral-drafts", tags=["Referrals"], route_class=StrictJsonRoute)

SENDS = "referrals:write"
Sends = Annotated[Writes, writes(SENDS)]
Author = Annotated[Caller, needs(SENDS)]


class SavedReferralDraft(View):
    """That a draft is there, without what it says."""

    id: UUID
    revision: Annotated[int, Field(description="The ETag, as a number.", examples=[1])]
    saved_at: datetime
    expires_at: Annotated[datetime, Field(description="From then on it is gone.")]

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """The view of a draft."""
        return cls(
            id=draft.draft_id,
            revision=draft.revision,
            saved_at=draft.saved_at,
            expires_at=draft.expires_at,
        )


class ReferralDraft(View):
    """A draft, with what was written so far."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.DRAFT]})

    id: UUID
    child_id: Annotated[UUID | None, Field(description="Null while the draft names no child.")]
    revision: int
    saved_at: datetime
    expires_at: datetime
    referral: Annotated[dict[str, Any], Field(description="As it was sent.")]


class ReferralDraftList(View):
    """A page of your drafts, newest first. The `Link` header leads to the next one."""

    items: list[SavedReferralDraft]


@router.post(
    "", status_code=201, response_model=SavedReferralDraft, responses=problem_responses(413, 415)
)
def post_draft(body: ReferralDraftRequest, request: Sends, timings: LocalTimings) -> Response:
    """Keep a referral that isn't whole yet. Only you see it, and nobody acts on it."""

    def use_case(transaction: Writing) -> SavedReferralDraft:
        saved = save_new(transaction, request.caller, body.as_sent(), timings)
        return SavedReferralDraft.of(saved)

    return request.reply(
        use_case, location=lambda view: f"/v1/referral-drafts/{view.id}", etag=_etag, about=NOBODY
    )


@router.get("", responses=problem_responses())
def list_drafts(
    request: Request, caller: Author, connection: Connected, paging: Paging, response: Response
) -> ReferralDraftList:
    """Your drafts, newest first."""
    now, after = service_of(request).clock(), paging.after(by_id)
    found = own_drafts(connection, caller, now, after, paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1]
        response.headers["Link"] = paging.next_link("/v1/referral-drafts", [str(last.draft_id)])
    return ReferralDraftList(
        items=[SavedReferralDraft.of(draft) for draft in found[: paging.limit]]
    )


@router.get("/{draft_id}", responses=problem_responses(404))
def get_draft(
    draft_id: UUID, request: Request, caller: Author, connection: Connected, response: Response
) -> ReferralDraft:
    """One of your drafts, with its revision as `ETag`."""
    draft = own_draft(connection, caller, draft_id, service_of(request).clock())
    response.headers["ETag"] = f'"{draft.revision}"'
    return ReferralDraft(
        id=draft.draft_id,
        child_id=draft.content.get("child_id"),
        revision=draft.revision,
        saved_at=draft.saved_at,
        expires_at=draft.expires_at,
        referral=dict(draft.content),
    )


@router.put(
    "/{draft_id}",
    response_model=SavedReferralDraft,
    responses=problem_responses(404, 412, 413, 415, 428),
)
def put_draft(
    draft_id: UUID,
    body: ReferralDraftRequest,
    request: Sends,
    timings: LocalTimings,
    if_match: IfMatch = None,
) -> Response:
    """Put this in place of what the draft said. It is kept for the whole time again."""
    read = revision_in(if_match)

    def use_case(transaction: Writing) -> SavedReferralDraft:
        caller, content = request.caller, body.as_sent()
        return SavedReferralDraft.of(
            write_on(transaction, caller, draft_id, read, content, timings)
        )

    return request.reply(use_case, status=200, etag=_etag, about=NOBODY)


@router.post(
    "/{draft_id}/submission",
    status_code=201,
    response_model=ReferralView,
    responses=problem_responses(404, 409),
)
def post_submission(draft_id: UUID, request: Sends, timings: LocalTimings) -> Response:
    """Send the referral in. The draft is erased; every fault that is left is named."""
    today = london_date(request.service.clock())

    def read(content: Mapping[str, Any]) -> GivenReferral:
        return read_referral(content, today).as_given()

    def use_case(transaction: Writing) -> ReferralView:
        referral, in_sight = submit(transaction, request.caller, draft_id, read, timings)
        return ReferralView.of(referral, request.caller, today, child_in_sight=in_sight)

    return request.reply(
        use_case,
        location=lambda view: f"/v1/referrals/{view.id}",
        etag=etag_of,
        about=SENT,
    )


@router.post(
    "/{draft_id}/discard", response_model=SavedReferralDraft, responses=problem_responses(404)
)
def post_discard(draft_id: UUID, request: Sends) -> Response:
    """Erase a draft for good."""
    return request.reply(
        lambda transaction: SavedReferralDraft.of(discard(transaction, request.caller, draft_id)),
        status=200,
        about=NOBODY,
    )


def _etag(view: SavedReferralDraft) -> str:
    return f'"{view.revision}"'
