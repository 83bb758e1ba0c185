"""Indicator updates: what feeds push, and the receipts they get. DESIGN 6."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Request, Response
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SkipValidation,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from services.scoring.domain.intake import Result, Update
from services.scoring.service.intake import Item, take_in
from services.scoring.service.weights import Weights
from services.scoring.store.receipts import Receipt, receipt_of
from shared.contracts.caller import Caller
from shared.domain.errors import FieldError, ForbiddenError, InvalidError, NotFoundError
from shared.domain.identifiers import IdentifierType, spelled
from shared.http.callers import needs
from shared.http.fields import CalendarDate
from shared.http.problems import problem_responses
from shared.http.reads import Connected
from shared.http.strict_json import StrictJsonRoute
from shared.http.validation import field_errors
from shared.http.writes import Writes, writes

router = APIRouter(route_class=StrictJsonRoute, tags=["indicator updates"])

MOST_ITEMS = 1000

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]+$")]


class Strict(BaseModel):
    """What a caller sends: unknown fields are refused, types aren't guessed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ChildIdentifier(Strict):
    """A child's number in another system."""

    type: Annotated[IdentifierType, Field(strict=False)]
    value: Annotated[str, StringConstraints(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _right(self) -> "ChildIdentifier":
        spelled(self.type, self.value)
        return self


class UpdateChild(Strict):
    """Whom an update speaks of: our id, or numbers of other systems. None where none is known."""

    child_id: Annotated[UUID | None, Field(strict=False)] = None
    identifiers: Annotated[list[ChildIdentifier], Field(max_length=10)] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _one_way(self) -> "UpdateChild":
        if self.child_id is not None and self.identifiers:
            raise ValueError("Name the child by child_id or by identifiers, not by both.")
        return self


class UpdatePerson(Strict):
    """Name and birth date, only where no identifier is known. Erased when the update finds its
    child or is discarded."""

    name: Name
    date_of_birth: Annotated[CalendarDate | None, Field(strict=False)] = None


class IndicatorUpdate(Strict):
    """One statement about one child. `source_ref` and `revision` are its key: the same again
    changes nothing, a higher revision counts instead of the lower ones."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "source_ref": "MISPER-2026-0042",
                    "revision": 1,
                    "child": {"identifiers": [{"type": "police_urn", "value": "14/A-77031"}]},
                    "code": "missing_episode",
                    "answer": "yes",
                    "observed_on": "2026-05-28",
                }
            ]
        }
    )

    source_ref: Reference
    revision: Annotated[int, Field(ge=1, le=1_000_000)]
    child: UpdateChild = Field(default_factory=UpdateChild)
    code: Word
    answer: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    observed_on: Annotated[CalendarDate, Field(strict=False)]
    observed_until: Annotated[CalendarDate | None, Field(strict=False)] = None
    incident_ref: Annotated[
        str | None, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,30}:[!-~]{1,68}$")
    ] = Field(default=None, description="`namespace:reference` of the incident it belongs to")
    sequence: Annotated[int | None, Field(ge=0, le=2_000_000_000)] = None
    note_ref: Reference | None = None
    handling: Annotated[str | None, StringConstraints(pattern=r"^[A-Z0-9]{1,20}$")] = None
    retracted: bool = False
    person: UpdatePerson | None = None
    source: SourceName | None = None

    @model_validator(mode="after")
    def _somebody(self) -> "IndicatorUpdate":
        known = self.child.child_id is not None or bool(self.child.identifiers)
        if known and self.person is not None:
            raise ValueError("Leave out `person` where the child is named by an id or a number.")
        if not known and self.person is None:
            raise ValueError("Say whom it is about: `child` with an id or a number, or `person`.")
        return self


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


_READER = TypeAdapter(IndicatorUpdate)


@router.post(
    "/v1/indicator-updates",
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
    return write.reply(
        lambda transaction: _view(take_in(transaction, write.caller, weights, items)), status=200
    )


@router.get(
    "/v1/indicator-updates/{receipt_id}",
    responses=problem_responses(404),
    summary="Read a receipt again",
)
def read_receipt(
    caller: Annotated[Caller, needs("updates:read")], connection: Connected, receipt_id: UUID
) -> UpdateReceipt:
    """A receipt is for the consumer that it was given to."""
    found = receipt_of(connection, caller.client_id, receipt_id)
    if found is None:
        raise NotFoundError("You have no receipt of that id.")
    return _view(found)


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
        found = field_errors([{**e, "loc": ("body", *e["loc"])} for e in error.errors()])
        return Item(place, raw, None, tuple(found))
    source = wire.source or caller.sources[0]
    errors = []
    if source not in caller.sources or (wire.source is None and len(caller.sources) > 1):
        errors.append(
            FieldError("/source", "unknown_source", "Name one of your own sources in `source`.")
        )
    return Item(place, raw, _update(wire, source), tuple(errors))


def _update(wire: IndicatorUpdate, source: str) -> Update:
    person = wire.person
    return Update(
        source=source,
        source_ref=wire.source_ref,
        revision=wire.revision,
        child_id=wire.child.child_id,
        identifiers=tuple(
            (one.type, spelled(one.type, one.value)) for one in wire.child.identifiers
        ),
        code=wire.code,
        answer=wire.answer,
        observed_on=wire.observed_on,
        observed_until=wire.observed_until,
        incident_ref=wire.incident_ref,
        sequence=wire.sequence,
        note_ref=wire.note_ref,
        handling=wire.handling,
        retracted=wire.retracted,
        person=None if person is None else person.model_dump(mode="json", exclude_none=True),
    )


def _view(receipt: Receipt) -> UpdateReceipt:
    return UpdateReceipt.model_validate(
        {
            "receipt_id": receipt.receipt_id,
            "received_at": receipt.received_at,
            "items": receipt.results,
        }
    )
