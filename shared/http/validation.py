"""What pydantic found wrong, in our own words: its messages may repeat what was submitted."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.domain.errors import FieldError

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


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Pydantic's errors as ours, every one of them, in order."""
    return [_field_error(error) for error in errors]


def _field_error(error: Mapping[str, Any]) -> FieldError:
    where, *path = error["loc"] or ("body",)
    # Outside the body every name is one that we declared, such as a header's.
    names = [_shown(part) if where == "body" else str(part) for part in path]
    code, message = _MESSAGES.get(error["type"], ("invalid_value", "This value isn't allowed."))
    context = {
        key: value
        for key, value in (error.get("ctx") or {}).items()
        if isinstance(value, (str, int, ValueError))
    }
    return FieldError(
        pointer="".join(f"/{name}" for name in names),
        code=getattr(context.get("error"), "code", code),
        message=message.format_map({**context, "error": str(context.get("error", ""))}),
        where=str(where),
    )


def _shown(part: object) -> str:
    """A place in the request. A name of the caller's own making is shown only if it is harmless:
    it could be somebody's."""
    text = str(part)
    return text if text.isdigit() or _SAFE_NAME.fullmatch(text) else "(unknown name)"
