"""Text to a tree of YAML nodes with their places; refuses what could hide a meaning.

Only the YAML 1.2 core: no tags, anchors, directives or further documents. Scalars keep their text;
what a plain one means is decided here, so that `yes` and 2026-12-01 stay words.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from services.scoring.domain.problems import ModelRefused, Problem

MAX_DEPTH = 24

NULL = re.compile(r"|~|null|Null|NULL")
BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)

Meaning = Literal["text", "null", "boolean", "integer", "float"]


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    place: Place
    text: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Sequence:
    place: Place
    items: tuple["Node", ...]
    flow: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    place: Place
    entries: tuple[tuple["Node", "Node"], ...]
    flow: bool


Node = Scalar | Sequence | Mapping
Refuse = Callable[[Place, str, str], None]


def plain_meaning(text: str) -> Meaning:
    """What an unquoted scalar is under the YAML 1.2 core schema."""
    for pattern, meaning in MEANINGS:
        if pattern.fullmatch(text):
            return meaning
    return "text"


MEANINGS: tuple[tuple[re.Pattern[str], Meaning], ...] = (
    (NULL, "null"),
    (BOOLEAN, "boolean"),
    (INTEGER, "integer"),
    (FLOAT, "float"),
)


def parse(text: str, file: str, refuse: Refuse) -> Node:
    """The tree of the first document. Syntax that can't be read at all raises `ModelRefused`."""
    try:
        events = list(within_depth(YAML(typ="safe", pure=True).parse(StringIO(text)), file))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise unreadable(file, line, column, f"not YAML: {error.problem}") from error
    except YAMLError as error:
        raise unreadable(
            file, 1, 1, "not YAML text: a character that YAML does not allow"
        ) from error
    starts = [event for event in events if isinstance(event, DocumentStartEvent)]
    for event in starts:
        if event.version or event.tags:
            refuse(place_of(event), "directive", "remove the % directive: the language is fixed")
    for event in starts[1:]:
        refuse(
            place_of(event), "further_document", "one model a file: move this document to its own"
        )
    body = iter(event for event in events if isinstance(event, BODY))
    first = next(body, None)
    if first is None:
        raise unreadable(file, 1, 1, "the file is empty: begin with `schema: riskmodel/1`")
    return compose(first, body, refuse)


BODY = (
    ScalarEvent,
    AliasEvent,
    SequenceStartEvent,
    SequenceEndEvent,
    MappingStartEvent,
    MappingEndEvent,
)


def unreadable(file: str, line: int, column: int, message: str) -> ModelRefused:
    return ModelRefused([Problem(file, line, column, "", "syntax", message)])


def place_of(event: Event) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def within_depth(events: Iterable[Event], file: str) -> Iterator[Event]:
    """The events, up to one that is nested too deep: to read on would take minutes."""
    depth = 0
    for event in events:
        depth += isinstance(event, SequenceStartEvent | MappingStartEvent)
        depth -= isinstance(event, SequenceEndEvent | MappingEndEvent)
        if depth > MAX_DEPTH:
            place = place_of(event)
            message = f"nested more than {MAX_DEPTH} deep: no model needs that"
            raise unreadable(file, place.line, place.column, message)
        yield event


def compose(event: Event, rest: Iterator[Event], refuse: Refuse) -> Node:
    """The node that begins with `event`; takes its events, and no others, from `rest`."""
    place = place_of(event)
    refuse_references(event, place, refuse)
    if isinstance(event, SequenceStartEvent):
        items = []
        while not isinstance(following := next(rest), SequenceEndEvent):
            items.append(compose(following, rest, refuse))
        return Sequence(place, tuple(items), bool(event.flow_style))
    if isinstance(event, MappingStartEvent):
        entries = []
        while not isinstance(following := next(rest), MappingEndEvent):
            key = compose(following, rest, refuse)
            entries.append((key, compose(next(rest), rest, refuse)))
        return Mapping(place, tuple(entries), bool(event.flow_style))
    if isinstance(event, ScalarEvent):
        plain = event.style is None
        return Scalar(place, event.value, plain_meaning(event.value) if plain else "text")
    return Scalar(place, "", "null")


def refuse_references(event: Event, place: Place, refuse: Refuse) -> None:
    if isinstance(event, AliasEvent):
        refuse(place, "alias", f"write the value out instead of *{event.anchor}")
    elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
        if event.anchor is not None:
            message = f"remove &{event.anchor}: every value is written where it is used"
            refuse(place, "anchor", message)
        if event.ctag is not None:
            refuse(place, "tag", f"remove {event.tag}: quote what is text, leave the rest plain")
