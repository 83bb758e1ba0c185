"""Text to a tree of YAML nodes with their places; refuses what could hide a meaning.

Only the YAML 1.2 core: no tags, anchors, directives or further documents. Scalars keep their text;
what a plain one means is decided here, so that `yes` and 2026-12-01 stay words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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

from services.scoring.domain.language.syntax import (
    Place,
    Refuse,
    events_of,
    place_in,
    place_of,
    readable,
    unreadable,
)

NULL = re.compile(r"|~|null|Null|NULL")
BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
    r"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)

Meaning = Literal["text", "null", "boolean", "integer", "float"]


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
    text = readable(text, file, refuse)
    events = events_of(text, file)
    for event in [event for event in events if isinstance(event, DocumentStartEvent)][1:]:
        message = "one model a file: move this document to its own"
        refuse(place_of(event.start_mark), "further_document", message)
    body = iter(event for event in events if isinstance(event, BODY))
    first = next(body, None)
    if first is None or is_nothing(first):
        raise unreadable(file, Place(1, 1), "the file is empty: begin with `schema: riskmodel/1`")
    return compose(first, body, text, refuse)


BODY = (
    ScalarEvent,
    AliasEvent,
    SequenceStartEvent,
    SequenceEndEvent,
    MappingStartEvent,
    MappingEndEvent,
)


def is_nothing(event: Event) -> bool:
    """A place where a value could stand, and none does."""
    return isinstance(event, ScalarEvent) and event.start_mark.index == event.end_mark.index


def place_after(key: Event, text: str) -> Place:
    """Where the value of a key begins to be missing: the parser looks as far as the next one."""
    colon = COLON.match(text, key.end_mark.index)
    return place_in(text, colon.end() if colon else key.end_mark.index)


COLON = re.compile(r"(?:\s*:)?")


def compose(event: Event, rest: Iterator[Event], text: str, refuse: Refuse) -> Node:
    """The node that begins with `event`; takes its events, and no others, from `rest`."""
    place = place_of(event.start_mark)
    refuse_references(event, place, refuse)
    if isinstance(event, SequenceStartEvent):
        items = []
        while not isinstance(following := next(rest), SequenceEndEvent):
            items.append(compose(following, rest, text, refuse))
        return Sequence(place, tuple(items), bool(event.flow_style))
    if isinstance(event, MappingStartEvent):
        entries = []
        while not isinstance(following := next(rest), MappingEndEvent):
            key = compose(following, rest, text, refuse)
            value = compose(held := next(rest), rest, text, refuse)
            if is_nothing(held):
                value = Scalar(place_after(following, text), "", "null")
            entries.append((key, value))
        return Mapping(place, tuple(entries), bool(event.flow_style))
    if isinstance(event, ScalarEvent):
        plain = event.style is None
        return Scalar(place, joined(event.value), plain_meaning(event.value) if plain else "text")
    return Scalar(place, "", "null")


def joined(text: str) -> str:
    """JSON writes a character beyond U+FFFF as two escapes; YAML reads each for itself."""
    return HALVES.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


HALVES = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


def refuse_references(event: Event, place: Place, refuse: Refuse) -> None:
    if isinstance(event, AliasEvent):
        refuse(place, "alias", f"write the value out instead of *{event.anchor}")
    elif isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
        if event.anchor is not None:
            message = f"remove &{event.anchor}: every value is written where it is used"
            refuse(place, "anchor", message)
        if event.ctag is not None:
            tag = f"{event.ctag.handle or ''}{event.ctag.suffix}"
            refuse(place, "tag", f"remove {tag}: quote what is text, leave the rest plain")
