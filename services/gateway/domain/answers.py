"""What the ledger needs to know of an answer: whose it is, and which fields it shows."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.domain.policy import ChildrenAt

MAX_FIELDS = 200
MORE = "…"
"""Stands last in a list of fields that was cut off."""
_SAFE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_UNNAMED = "?"
_MAX_DEPTH = 8
SEE_OTHER = 303


class UnreadableAnswerError(Exception):
    """An answer out of which it can't be told whose data it holds."""


@dataclass(frozen=True, slots=True)
class Whose:
    """The children whom a request and its answer are about."""

    children: frozenset[UUID]
    """Those whose ids were shown, or asked for."""
    withheld: tuple[str, ...] = ()
    """Where the answer holds data of a child whose id it withholds, sorted: `/items/*/child_id`."""


def parse_answer(body: bytes) -> Any:  # noqa: ANN401  # any JSON value
    """The JSON of an answer; None for an empty one. Raises `UnreadableAnswerError`."""
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UnreadableAnswerError from None


def children_of(
    at: ChildrenAt, parameters: Mapping[str, str], status: int, answer: object
) -> Whose:
    """Whom a request and its answer are about.

    Ids out of the path count whatever the answer. Ids in the answer are looked for unless it is a
    problem, which names nobody, or sends to the id under which the child is known now, where the
    look is recorded when it comes. Null in place of an id says that the service withholds it from
    this caller (ADR 0031): that there is a child may be known, which one may not.

    Raises:
        UnreadableAnswerError: neither an id nor null is where the policy says an id stands.
    """
    found, withheld = set(children_in_path(at, parameters)), set()
    if status < 400 and status != SEE_OTHER:
        for pointer in at.in_answer:
            for value in _values(answer, pointer):
                child = _child(value)
                if child is not None:
                    found.add(child)
                elif value is None:
                    withheld.add("".join(f"/{part}" for part in pointer))
                else:
                    raise UnreadableAnswerError
    return Whose(frozenset(found), tuple(sorted(withheld)))


def children_in_path(at: ChildrenAt, parameters: Mapping[str, str]) -> frozenset[UUID]:
    """The children whose ids stand in the path; a parameter that is no id stands for nobody."""
    return frozenset(
        child for name in at.in_path if (child := _child(parameters[name])) is not None
    )


def _child(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _values(value: object, pointer: tuple[str, ...]) -> Iterator[object]:
    if not pointer:
        yield value
    elif pointer[0] == "*" and isinstance(value, list):
        for element in value:
            yield from _values(element, pointer[1:])
    elif isinstance(value, dict) and pointer[0] in value:
        yield from _values(value[pointer[0]], pointer[1:])
    else:
        raise UnreadableAnswerError


def field_names(answer: object) -> tuple[str, ...]:
    """The distinct paths of an answer's fields, sorted, without any value: `/items/*/child_id`.

    Bounded; a key that isn't a plain name could itself say something, and is written as `?`.
    """
    found: set[str] = set()
    _collect(answer, "", 0, found)
    names = sorted(found)
    return tuple(names) if len(names) <= MAX_FIELDS else (*names[:MAX_FIELDS], MORE)


def _collect(value: object, path: str, depth: int, found: set[str]) -> None:
    if depth == _MAX_DEPTH or len(found) > MAX_FIELDS:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            name = f"{path}/{key if _SAFE_NAME.fullmatch(key) else _UNNAMED}"
            found.add(name)
            _collect(inner, name, depth + 1, found)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, f"{path}/*", depth + 1, found)
