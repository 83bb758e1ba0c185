"""`/v1/children/{id}`: change what is known; `…/access`: say who may see the child; `…/history`."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field, StrictBool, model_validator

from services.referrals.api.child_view import ITSELF, AccessView, ChildView
from services.referrals.api.fields import Day, LongReason, Name, Reason, Team
from services.referrals.api.requests import Asked
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.api.views import View
from services.referrals.domain.child_changes import Revision
from services.referrals.domain.codes import Disability, Ethnicity, EthnicitySource, Sex
from services.referrals.service.child_editing import Edit, edit_details, history_of, set_access
from services.referrals.service.child_reading import rating_of
from shared.contracts.caller import Caller
from shared.domain.access import AccessFacts
from shared.domain.errors import ValueRefusedError
from shared.http.callers import needs
from shared.http.paging import Paging, by_id
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import NOBODY, Writes, writes
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/children/{child_id}", tags=["Children"], route_class=StrictJsonRoute)

_REASON = "The school sent a copy of the birth certificate."
EDITED = problem_responses(404, 409, 412, 413, 415, 428)
"""What an edit may answer beside the child."""


class EthnicityGiven(Asked):
    """An ethnicity, who stated it, and when."""

    code: Ethnicity
    source: EthnicitySource | None = None
    stated_on: Day | None = None


class ChildEdit(Asked):
    """What is to be known from now on. Left out: stays; null: isn't known, or not stated."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "date_of_birth": "2012-01-02",
                    "date_of_birth_estimated": False,
                    "ethnicity": {
                        "code": "WBRI",
                        "source": "parent_or_carer",
                        "stated_on": "2026-06-01",
                    },
                    "disabilities": ["LD"],
                    "reason": _REASON,
                }
            ]
        }
    )

    given_name: Name | None = None
    family_name: Name | None = None
    date_of_birth: Day | None = None
    date_of_birth_estimated: StrictBool = False
    expected_on: Annotated[Day | None, Field(description="For an unborn child.")] = None
    sex: Sex | None = None
    ethnicity: EthnicityGiven | None = None
    disabilities: Annotated[
        list[Disability] | None,
        Field(max_length=20, description="DfE codes; NONE is an answer, null is not stated."),
    ] = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set - {"reason"}:
            raise ValueRefusedError("nothing_to_change", "Name what is to change.")
        return self

    def as_details(self) -> dict[str, Any]:
        """For the use case: what was given, by its name there."""
        given: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        given.pop("reason", None)
        if "ethnicity" in given:
            said = self.ethnicity
            given["ethnicity"] = None if said is None else said.code
            given["ethnicity_source"] = None if said is None else said.source
            given["ethnicity_stated_on"] = None if said is None else said.stated_on
        if self.disabilities is not None:
            given["disabilities"] = frozenset(self.disabilities)
        return given


class AccessEdit(Asked):
    """Who may see the child from now on, and why."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "team": "north",
                    "restricted": True,
                    "staff_relative": False,
                    "reason": "A relative works in the same building.",
                }
            ]
        }
    )

    team: Annotated[Team | None, Field(description="Null: at the front door, for every team.")]
    restricted: StrictBool
    staff_relative: StrictBool
    reason: LongReason


class ChildAccessView(AccessView):
    """Who may see a child."""

    child_id: UUID
    revision: int


class ChildChangeView(View):
    """One thing that changed."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    field: Annotated[str, Field(examples=["date_of_birth"])]
    before: Annotated[Any, Field(alias="from", description="Null: nothing was known.")]
    after: Annotated[Any, Field(alias="to", description="Null: nothing is known.")]


class ChildHistoryItem(View):
    """A step: who, when, what, from, to."""

    revision: int
    record_id: Annotated[UUID, Field(description="The record that it was said of.")]
    at: datetime
    by: Annotated[str, Field(description="The person, else the sending system.")]
    by_person: bool
    reason: str | None
    changes: list[ChildChangeView]
    withheld: Annotated[
        bool, Field(description="It speaks of another record as well, which you may not see.")
    ]

    @classmethod
    def of(cls, step: Revision) -> Self:
        """The view of a step."""
        return cls(
            revision=step.revision,
            record_id=step.record_id,
            at=step.at,
            by=step.by.person_id or step.by.client_id,
            by_person=step.by.person_id is not None,
            reason=step.reason,
            changes=[
                ChildChangeView(field=each.field, before=each.before, after=each.after)
                for each in step.changes
            ],
            withheld=step.withheld,
        )


class ChildHistory(View):
    """What changed about a child, newest first."""

    items: list[ChildHistoryItem]


@router.patch("", response_model=ChildView, responses=EDITED)
def patch_child(
    child_id: UUID,
    body: ChildEdit,
    request: Annotated[Writes, writes("children:write")],
    if_match: IfMatch = None,
) -> Response:
    """Change what is known of a child. The `ETag` that you read is needed as `If-Match`."""
    edit = Edit(child_id, revision_in(if_match), body.reason)

    def use_case(transaction: Writing) -> ChildView:
        child = edit_details(transaction, request.caller, edit, body.as_details())
        return ChildView.of(child, rating_of(transaction.connection, child))

    return request.reply(use_case, status=200, etag=child_etag, about=ITSELF)


@router.put("/access", response_model=ChildAccessView, responses=EDITED)
def put_access(
    child_id: UUID,
    body: AccessEdit,
    request: Annotated[Writes, writes("children:access")],
    if_match: IfMatch = None,
) -> Response:
    """Say who may see a child. It counts at once, for every list, read, candidate and event."""
    edit = Edit(child_id, revision_in(if_match), body.reason)
    access = AccessFacts(body.team, body.restricted, body.staff_relative)

    def use_case(transaction: Writing) -> ChildAccessView:
        child = set_access(transaction, request.caller, edit, access)
        now = AccessView.of(child.access)
        return ChildAccessView(**now.model_dump(), child_id=child.child_id, revision=child.revision)

    # What was sent, to its sender: who hides a child from themselves is told again that it is done.
    return request.reply(use_case, status=200, etag=child_etag, about=NOBODY)


@router.get("/history", responses=problem_responses(303, 404))
def list_history(
    child_id: UUID,
    caller: Annotated[Caller, needs("children:read")],
    connection: Connected,
    paging: Paging,
    response: Response,
) -> ChildHistory:
    """What changed about a child: who, when, from, to; newest first."""
    found = history_of(connection, caller.sight, child_id, paging.after(by_id), paging.limit + 1)
    if len(found) > paging.limit:
        last = found[paging.limit - 1].entry_id
        response.headers["Link"] = paging.next_link(f"/v1/children/{child_id}/history", [str(last)])
    return ChildHistory(items=[ChildHistoryItem.of(each) for each in found[: paging.limit]])


def child_etag(view: ChildView | ChildAccessView) -> str:
    """The entity tag of a child."""
    return f'"{view.revision}"'
