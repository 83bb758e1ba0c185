"""Indicator updates: what feeds push, and the receipts they get. DESIGN 6.

A receipt is spelled by `domain/receipts.py`; the models here describe it.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from pydantic import (
    BaseModel,
    Field,
    SkipValidation,
    TypeAdapter,
    ValidationError,
)

from services.scoring.api.requests import IndicatorUpdate, readable_of, update_of, whom_faults
from services.scoring.domain.intake import Result
from services.scoring.service.feeds import Silence
from services.scoring.service.intake import Item, Sender, take_in
from services.scoring.service.weights import Weights
from services.scoring.store.receipts import receipt_of
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, ForbiddenError, InvalidError, NotFoundError
from shared.http.callers import needs
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictItemsRoute
from shared.http.validation import field_errors
from shared.http.writes import NOBODY, Writes, writes

router = APIRouter(route_class=StrictItemsRoute, tags=["indicator updates"])

PLACE = "/v1/indicator-updates"
MOST_ITEMS = 1000


class ItemError(BaseModel):
    """One thing wrong with an item."""

    pointer: str
    code: str
    message: str


class ItemResult(BaseModel):
    """What became of one item, in the order sent."""

    index: int
    source_ref: str | None = None
    revision: int | None = None
    result: Result
    first_result: Result | None = Field(
        default=None, description="with `duplicate`: what the first sending came to"
    )
    reason: Literal["unknown_child", "ambiguous"] | None = Field(
        default=None, description="with `held`: why it waits"
    )
    errors: list[ItemError] = Field(default_factory=list)


class UpdateReceipt(BaseModel):
    """Proof of what was received. It never names a child."""

    receipt_id: UUID
    received_at: datetime
    items: list[ItemResult]
    hash: str = Field(
        description="SHA-256, in hexadecimal digits, of the RFC 8785 form of this receipt without"
        " this member. The journal holds it too"
    )


_READER = TypeAdapter(IndicatorUpdate)


@router.post(
    PLACE,
    response_model=UpdateReceipt,
    responses=problem_responses(409, 413, 415),
    summary="Push one indicator update, or up to 1,000",
)
def push_updates(
    request: Request,
    write: Annotated[Writes, writes("updates:write")],
    body: Annotated[
        SkipValidation[
            IndicatorUpdate
            | Annotated[list[IndicatorUpdate], Field(min_length=1, max_length=MOST_ITEMS)]
        ],
        Body(),
    ],
) -> Response:
    """Faults inside an item are answered as `rejected` in the receipt, every error at once; the
    valid items beside it are taken. What is answered is committed."""
    weights: Weights = request.app.state.weights
    items = read_items(body, write.caller)
    silence: Silence = request.app.state.silence
    caller = write.caller
    sender = Sender(caller.client_id, caller.agency or "", silence, caller.sources)
    return write.reply(
        lambda transaction: take_in(transaction, sender, weights, items).answer,
        status=200,
        about=NOBODY,
    )


@router.get(
    PLACE + "/{receipt_id}",
    response_model=UpdateReceipt,
    responses=problem_responses(404),
    summary="Read a receipt again",
)
def read_receipt(
    caller: Annotated[Caller, needs("updates:read")], connection: Connected, receipt_id: UUID
) -> Response:
    """A receipt is for the consumer that it was given to."""
    found = receipt_of(connection, caller.client_id, receipt_id)
    if found is None:
        raise NotFoundError("You have no receipt of that id.")
    return Response(found.answer, media_type="application/json")


def read_items(body: object, caller: Caller) -> list[Item]:
    """The items of a body, each an update or what is wrong with it.

    Raises:
        InvalidError: the body is no object and no list of 1 to 1,000.
        ForbiddenError: the consumer stands for no agency's feed.
    """
    if not caller.agency or not caller.sources:
        raise ForbiddenError("Only the feed of an agency can push indicator updates.")
    items = body if isinstance(body, list) else [body]
    if not isinstance(body, (dict, list)) or not 1 <= len(items) <= MOST_ITEMS:
        raise InvalidError(
            [FieldError("", "wrong_shape", f"Send one update, or a list of 1 to {MOST_ITEMS}.")]
        )
    return [_read_item(place, raw, caller) for place, raw in enumerate(items)]


def _read_item(place: int, raw: object, caller: Caller) -> Item:
    try:
        wire = _READER.validate_python(raw)
    except ValidationError as error:
        found = field_errors(
            [{**e, "loc": ("body", *e["loc"])} for e in error.errors()], IndicatorUpdate
        )
        return Item(place, raw, readable_of(raw), None, (*found, *whom_faults(raw)))
    source = wire.source or caller.sources[0]
    errors = whom_faults(raw)
    if source not in caller.sources or (wire.source is None and len(caller.sources) > 1):
        errors.append(
            FieldError("/source", "unknown_source", "Name one of your own sources in `source`.")
        )
    update = update_of(wire, source)
    return Item(place, raw, update, update, tuple(errors))
