"""`/v1/children/{id}/identifiers`, `…/names`, `…/looked-after-periods`: what is said with dates.

What was said is corrected by stating it anew, or withdrawn, with a reason; the history keeps it.
"""

from collections.abc import Callable
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field, StrictBool, model_validator

from services.referrals.api.child_editing import EDITED, child_etag
from services.referrals.api.child_view import ITSELF, ChildView
from services.referrals.api.fields import Day, LongReason, Name, Reason
from services.referrals.api.requests import Asked, IdentifierGiven
from services.referrals.api.revisions import IfMatch, revision_in
from services.referrals.domain.child import Dates, Identifier, LookedAfterPeriod, OtherName
from services.referrals.domain.child_facts import Number, key_of
from services.referrals.domain.child_records import Records
from services.referrals.domain.codes import LegalStatus, NameKind
from services.referrals.domain.commands import SHORTEST_REASON
from services.referrals.service.child_editing import Edit
from services.referrals.service.child_facts import state, withdraw
from services.referrals.service.child_reading import rating_of
from shared.domain.errors import ValueRefusedError
from shared.http.strict_json import StrictJsonRoute
from shared.http.writes import Writes, writes
from shared.ids import new_id
from shared.storage.writing import Writing

router = APIRouter(prefix="/v1/children/{child_id}", tags=["Children"], route_class=StrictJsonRoute)

Write = Annotated[Writes, writes("children:write")]
_REASON = "The number stood in a letter about a brother."


class IdentifierStated(IdentifierGiven):
    """A number of the child in another system: a new one, one with other dates, or one that isn't
    the child's."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"type": "upn", "value": "H373999919002", "valid_from": "2023-09-01"}]
        }
    )

    valid_from: Day | None = None
    valid_until: Annotated[
        Day | None, Field(description="It counts no more; updates under it still find the child.")
    ] = None
    withdrawn: Annotated[
        StrictBool, Field(description="It isn't this child's. Needs a reason of 20 characters.")
    ] = False
    reason: Reason | None = None

    @model_validator(mode="after")
    def _withdrawn_with_a_reason(self) -> Self:
        if self.withdrawn and len(self.reason or "") < SHORTEST_REASON:
            raise ValueRefusedError(
                "reason_too_short", "Give a reason of at least 20 characters to withdraw it."
            )
        return self

    @property
    def number(self) -> Number:
        """For the rules."""
        return Number(Identifier(self.type, self.value), Dates(self.valid_from, self.valid_until))


class NameStated(Asked):
    """A name beside the present one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "also_known_as", "given_name": "Ex", "reason": None}]
        }
    )

    kind: NameKind
    given_name: Name | None = None
    family_name: Name | None = None
    valid_from: Day | None = None
    valid_until: Day | None = None
    reason: Reason | None = None

    def as_name(self, name_id: UUID) -> OtherName:
        """For the rules."""
        dates = Dates(self.valid_from, self.valid_until)
        return OtherName(name_id, self.kind, self.given_name, self.family_name, dates)


class NameCorrection(NameStated):
    """A name as it should say, or that it was never the child's."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "birth", "family_name": "Sample", "reason": _REASON}]
        }
    )

    withdrawn: StrictBool = False
    reason: LongReason


class LookedAfterPeriodStated(Asked):
    """A time of being looked after under one legal status."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"legal_status": "V2", "began_on": "2026-03-01"}]}
    )

    legal_status: Annotated[LegalStatus, Field(description="DfE code.")]
    began_on: Day
    ended_on: Annotated[Day | None, Field(description="Null while it lasts.")] = None
    reason: Reason | None = None

    def as_period(self, period_id: UUID) -> LookedAfterPeriod:
        """For the rules."""
        return LookedAfterPeriod(period_id, self.legal_status, self.began_on, self.ended_on)


class LookedAfterPeriodCorrection(LookedAfterPeriodStated):
    """A time of being looked after as it should say, with its end, or that there was none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "legal_status": "V2",
                    "began_on": "2026-03-01",
                    "ended_on": "2026-05-31",
                    "reason": "Back with the family since the end of May.",
                }
            ]
        }
    )

    withdrawn: StrictBool = False
    reason: LongReason


@router.post("/identifiers", status_code=201, response_model=ChildView, responses=EDITED)
def post_identifier(
    child_id: UUID, body: IdentifierStated, request: Write, if_match: IfMatch = None
) -> Response:
    """State a number of the child. The `ETag` that you read is needed as `If-Match`, as for all
    that changes a child."""
    edit, number = _edit(child_id, body, if_match), body.number
    if body.withdrawn:
        return _reply(request, lambda t: withdraw(t, request.caller, edit, key_of(number)))
    return _reply(request, lambda t: state(t, request.caller, edit, number))


@router.post("/names", status_code=201, response_model=ChildView, responses=EDITED)
def post_name(
    child_id: UUID, body: NameStated, request: Write, if_match: IfMatch = None
) -> Response:
    """State a name beside the present one. A search finds the child by it."""
    edit, name = _edit(child_id, body, if_match), body.as_name(new_id())
    return _reply(request, lambda t: state(t, request.caller, edit, name))


@router.post(
    "/names/{name_id}/corrections", status_code=201, response_model=ChildView, responses=EDITED
)
def post_name_correction(
    child_id: UUID, name_id: UUID, body: NameCorrection, request: Write, if_match: IfMatch = None
) -> Response:
    """State a name anew, or withdraw it."""
    edit, name = _edit(child_id, body, if_match), body.as_name(name_id)
    if body.withdrawn:
        return _reply(request, lambda t: withdraw(t, request.caller, edit, key_of(name)))
    return _reply(request, lambda t: state(t, request.caller, edit, name, known=True))


@router.post("/looked-after-periods", status_code=201, response_model=ChildView, responses=EDITED)
def post_looked_after_period(
    child_id: UUID, body: LookedAfterPeriodStated, request: Write, if_match: IfMatch = None
) -> Response:
    """State that the child is, or was, looked after. A new legal status is a new period."""
    edit, period = _edit(child_id, body, if_match), body.as_period(new_id())
    return _reply(request, lambda t: state(t, request.caller, edit, period))


@router.post(
    "/looked-after-periods/{period_id}/corrections",
    status_code=201,
    response_model=ChildView,
    responses=EDITED,
)
def post_looked_after_period_correction(
    child_id: UUID,
    period_id: UUID,
    body: LookedAfterPeriodCorrection,
    request: Write,
    if_match: IfMatch = None,
) -> Response:
    """State a period anew, with its end, or withdraw it."""
    edit, period = _edit(child_id, body, if_match), body.as_period(period_id)
    if body.withdrawn:
        return _reply(request, lambda t: withdraw(t, request.caller, edit, key_of(period)))
    return _reply(request, lambda t: state(t, request.caller, edit, period, known=True))


def _edit(child_id: UUID, body: Any, if_match: str | None) -> Edit:  # noqa: ANN401  # any with a reason
    return Edit(child_id, revision_in(if_match), body.reason)


def _reply(request: Writes, change: Callable[[Writing], Records]) -> Response:
    def use_case(transaction: Writing) -> ChildView:
        child = change(transaction)
        return ChildView.of(child, rating_of(transaction.connection, child))

    return request.reply(use_case, etag=child_etag, about=ITSELF)
