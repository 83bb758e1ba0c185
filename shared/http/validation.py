"""What pydantic found wrong, in our own words: its messages may repeat what was submitted."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel

from shared.domain.errors import FieldError

MAX_ERRORS = 100
"""How many errors an answer lists before it only says how many more there are."""
_UNKNOWN = "extra_forbidden"
_SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")

_MESSAGES: Mapping[str, tuple[str, str]] = {
    "missing": ("missing", "This field is required."),
    "extra_forbidden": ("unknown_field", "This field isn't known here; leave it out."),
    "string_too_long": ("too_long", "Write at most {max_length} characters."),
    "string_too_short": ("too_short", "Write at least {min_length} characters."),
    "string_pattern_mismatch": ("wrong_form", "The text doesn't have the form asked for."),
    "string_type": ("wrong_type", "Write a text."),
    "bool_type": ("wrong_type", "Write true or false."),
    "bool_parsing": ("wrong_type", "Write true or false."),
    "int_type": ("wrong_type", "Write a whole number."),
    "int_parsing": ("wrong_type", "Write a whole number."),
    "int_from_float": ("wrong_type", "Write a whole number."),
    "list_type": ("wrong_type", "Write a list."),
    "dict_type": ("wrong_type", "Write an object."),
    "model_type": ("wrong_type", "Write an object."),
    "model_attributes_type": ("wrong_type", "Write an object."),
    "enum": ("unknown_value", "Write one of: {expected}."),
    "literal_error": ("unknown_value", "Write one of: {expected}."),
    "date_type": ("invalid_date", "Write a calendar date as YYYY-MM-DD."),
    "date_parsing": ("invalid_date", "Write a calendar date as YYYY-MM-DD."),
    "date_from_datetime_parsing": ("invalid_date", "Write a calendar date as YYYY-MM-DD."),
    "date_from_datetime_inexact": ("invalid_date", "Write a calendar date as YYYY-MM-DD."),
    "datetime_type": ("invalid_instant", "Write an instant as in 2026-06-01T09:30:00Z."),
    "datetime_parsing": ("invalid_instant", "Write an instant as in 2026-06-01T09:30:00Z."),
    "timezone_aware": ("invalid_instant", "Give the instant its zone, as in …T09:30:00Z."),
    "uuid_type": ("invalid_id", "Write an id as this API gives it (a UUID)."),
    "uuid_parsing": ("invalid_id", "Write an id as this API gives it (a UUID)."),
    "too_long": ("too_many", "Give at most {max_length}."),
    "too_short": ("too_few", "Give at least {min_length}."),
    "greater_than_equal": ("too_small", "Give at least {ge}."),
    "less_than_equal": ("too_large", "Give at most {le}."),
    "value_error": ("invalid_value", "{error}"),
}


def as_members(errors: Sequence[FieldError]) -> list[dict[str, str]]:
    """Field errors as the `errors` member of a problem."""
    return [
        {"where": e.where, "pointer": e.pointer, "code": e.code, "message": e.message}
        for e in errors
    ]


def bounded(errors: Sequence[FieldError]) -> list[FieldError]:
    """At most `MAX_ERRORS` of them, and one more that says how many were left out."""
    left_out = len(errors) - MAX_ERRORS
    if left_out <= 0:
        return list(errors)
    message = f"{left_out} more are not listed; mend these first."
    return [*errors[:MAX_ERRORS], FieldError("", "more_errors", message)]


def field_errors(errors: Sequence[Mapping[str, Any]], read_as: object = None) -> list[FieldError]:
    """Pydantic's errors as ours, in order and bounded.

    Unknown fields are one error for the object that they stand in, without their names, which
    could be somebody's. `read_as` is the type that the body was read as: where it is given, the
    error says which fields are known.
    """
    unknown = Counter(tuple(e["loc"][:-1]) for e in errors if e["type"] == _UNKNOWN)
    found = []
    for error in errors:
        if error["type"] != _UNKNOWN:
            found.append(worded(error))
        elif count := unknown.pop(tuple(error["loc"][:-1]), 0):
            found.append(_unknown_fields(error["loc"][:-1], count, read_as))
    return bounded(found)


def _unknown_fields(loc: Sequence[Any], count: int, read_as: object) -> FieldError:
    message = f"{count} fields here aren't known; leave them out."
    if count == 1:
        message = "1 field here isn't known; leave it out."
    if known := _known_at(read_as, loc[1:]):
        message += f" Known here: {', '.join(known)}."
    return FieldError(_pointer(loc), "unknown_field", message, where=_where(loc))


def _known_at(read_as: object, path: Sequence[Any]) -> list[str]:
    """The fields of the models at a place within a type; none if that can't be told."""
    models = _models_in(read_as)
    for part in path:
        if not isinstance(part, int):  # an element of a list is found within the list's type
            models = [
                inner
                for model in models
                for name, field in model.model_fields.items()
                if part in {name, field.alias}
                for inner in _models_in(field.annotation)
            ]
    return sorted({f.alias or name for m in models for name, f in m.model_fields.items()})


def _models_in(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def _where(loc: Sequence[Any]) -> str:
    return str(loc[0]) if loc else "body"


def _pointer(loc: Sequence[Any]) -> str:
    # Outside the body every name is one that we declared, such as a header's.
    shown = _shown if _where(loc) == "body" else str
    return "".join(f"/{shown(part)}" for part in loc[1:])


def worded(error: Mapping[str, Any]) -> FieldError:
    """One error of pydantic's in our words."""
    code, message = _MESSAGES.get(error["type"], ("invalid_value", "This value isn't allowed."))
    context = {
        key: value
        for key, value in (error.get("ctx") or {}).items()
        if isinstance(value, (str, int, ValueError))
    }
    return FieldError(
        pointer=_pointer(error["loc"]),
        code=getattr(context.get("error"), "code", code),
        message=message.format_map({**context, "error": str(context.get("error", ""))}),
        where=_where(error["loc"]),
    )


def _shown(part: object) -> str:
    """A place in the request. A name of the caller's own making is shown only if it is harmless:
    it could be somebody's."""
    text = str(part)
    return text if text.isdigit() or _SAFE_NAME.fullmatch(text) else "(unknown name)"
