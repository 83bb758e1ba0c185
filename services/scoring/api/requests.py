"""What a feed sends: one statement about one child, read strictly."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from services.scoring.domain.intake import Readable, Update
from shared.domain.errors import FieldError
from shared.domain.identifiers import IdentifierType, spelled
from shared.http.fields import CalendarDate, printable

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Answer = Annotated[str, StringConstraints(min_length=1, max_length=40)]
SourceName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Reference = Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(printable),
]


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
    answer: Answer
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


def whom_faults(raw: object) -> list[FieldError]:
    """What is wrong with whom an item is about, whatever else is wrong with it."""
    if not isinstance(raw, dict):
        return []
    child, has_person = raw.get("child", {}), raw.get("person") is not None
    named = not isinstance(child, dict) or any(child.values())
    if named and has_person:
        message = "Leave out `person` where the child is named by an id or a number."
        return [FieldError("/person", "one_too_many", message)]
    if not named and not has_person:
        message = "Say whom it is about: `child` with an id or a number, or `person`."
        return [FieldError("/child", "missing", message)]
    return []


def update_of(wire: IndicatorUpdate, source: str) -> Update:
    """The update that a source sent, in the terms of the domain."""
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


_CODE = TypeAdapter(Word | None)
_ANSWER = TypeAdapter(Answer | None)
_DAY = TypeAdapter(CalendarDate | None)


def readable_of(raw: object) -> Readable:
    """What can be read of an item, so that it is checked even where other fields are wrong."""
    fields = raw if isinstance(raw, dict) else {}

    def read(name: str, adapter: TypeAdapter[Any]) -> Any:  # noqa: ANN401  # what the adapter reads
        try:
            return adapter.validate_python(fields.get(name))
        except ValidationError:
            return None

    return Readable(
        code=read("code", _CODE),
        answer=read("answer", _ANSWER),
        observed_on=read("observed_on", _DAY),
        observed_until=read("observed_until", _DAY),
    )
