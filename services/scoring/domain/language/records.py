"""Places that hold others: lists, maps of the author's own names, records of fixed keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from services.scoring.domain.language.findings import WRONG, Findings, Json, Shape, Wrong
from services.scoring.domain.language.scalars import Text
from services.scoring.domain.language.tree import Mapping as MappingNode
from services.scoring.domain.language.tree import Node, Scalar, Sequence
from services.scoring.domain.problems import Path

Entries = dict[str, tuple[Node, Node]]
"""By name: the key and the value."""
NO_DEFAULT: Final = object()
OWN_NAME: Final = object()
"""The default of a key that repeats the name its record goes by."""


LIST = "write a list: entries in [], or each on a line that begins with -"


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    at_least: int = 0
    at_most: int = 1000

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if not isinstance(node, Sequence):
            return found.refuse(node.place, path, "not_a_list", LIST)
        values = []
        for index, item in enumerate(node.items[: self.at_most]):
            found.note_place((*path, index), None, item)
            values.append(self.item.read(item, (*path, index), found))
        if not self.at_least <= len(node.items) <= self.at_most:
            message = f"write {self.at_least} to {self.at_most} entries"
            return found.refuse(node.place, path, "length", message)
        return values

    def schema(self) -> dict[str, Json]:
        return {
            "type": "array",
            "items": self.item.schema(),
            "minItems": self.at_least,
            "maxItems": self.at_most,
        }


@dataclass(frozen=True, slots=True)
class MapOf:
    """Names of the author's own to values of one shape."""

    name: Text
    value: Shape
    at_least: int = 0

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        entries = read_entries(node, path, found, self.name)
        if isinstance(entries, Wrong):
            return WRONG
        if len(entries) < self.at_least:
            return found.refuse(node.place, path, "too_few", "name at least one")
        values = {}
        for name, (key, value) in entries.items():
            here = (*path, name)
            found.note_place(here, key, value)
            if wrong := self.name.fault(name):
                found.refuse(key.place, here, "malformed", wrong[1])
            values[name] = self.value.read(value, here, found)
        return values

    def schema(self) -> dict[str, Json]:
        return {
            "type": "object",
            "propertyNames": self.name.schema(),
            "additionalProperties": self.value.schema(),
            "minProperties": self.at_least,
        }


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record. Without a default and not required, it may simply be absent."""

    shape: Shape
    required: bool = False
    default: object = NO_DEFAULT
    about: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Fixed keys."""

    keys: Mapping[str, Key]
    at_least: int = 0

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        entries = read_entries(node, path, found)
        if isinstance(entries, Wrong):
            return WRONG
        return read_keys(self.keys, entries, node, path, found, self.at_least)

    def schema(self) -> dict[str, Json]:
        described = {name: describe(key) for name, key in self.keys.items()}
        required = [name for name, key in self.keys.items() if key.required]
        return {
            "type": "object",
            "properties": described,
            "required": required,
            "additionalProperties": False,
            "minProperties": self.at_least,
        }


def read_entries(
    node: Node, path: Path, found: Findings, names: Text | None = None
) -> Entries | Wrong:
    """Keys to (key, value); doubled and non-string keys are refused and left out, but for a name
    that lacks only its quotes."""
    if not isinstance(node, MappingNode):
        return found.refuse(node.place, path, "not_a_mapping", "write keys with values here")
    entries: Entries = {}
    for key, value in node.entries:
        is_name = isinstance(key, Scalar) and names is not None and names.fault(key.text) is None
        if not isinstance(key, Scalar) or (key.meaning != "text" and not is_name):
            found.refuse(key.place, path, "key_not_text", "write one word as the key")
            continue
        if key.meaning != "text":
            message = f'write the key "{key.text}" in quotes'
            found.refuse(key.place, (*path, key.text), "key_not_text", message)
        if key.text in entries:
            first = entries[key.text][0].place.line
            message = f"`{key.text}` stands here a second time, first on line {first}: keep one"
            found.refuse(key.place, (*path, key.text), "duplicate_key", message)
        else:
            entries[key.text] = (key, value)
    return entries


def read_keys(  # noqa: PLR0913 - the record's place and its content, read at one spot
    keys: Mapping[str, Key],
    entries: Entries,
    node: Node,
    path: Path,
    found: Findings,
    at_least: int,
    elsewhere: Iterable[str] = (),
) -> Json:
    """A key that stands `elsewhere` in such a place is meant as it is written."""
    values: dict[str, Json] = {}
    for name, (key_node, value) in entries.items():
        here = (*path, name)
        key = keys.get(name)
        if key is None:
            guess = "" if name in elsewhere else nearest(name, keys)
            message = f"`{name}` is not a key here{guess or allowed(keys)}"
            found.refuse(key_node.place, here, "unknown_key", message)
            continue
        found.note_place(here, key_node, value)
        read = key.shape.read(value, here, found)
        if read != (path[-1] if key.default is OWN_NAME else key.default):
            values[name] = read
    missing = [name for name, key in keys.items() if key.required and name not in entries]
    for name in missing:
        found.refuse(node.place, (*path, name), "missing", f"`{name}` is missing: add it")
        values[name] = WRONG
    if len(entries) < at_least:
        return found.refuse(node.place, path, "too_few", f"write at least one of {', '.join(keys)}")
    return values


def allowed(keys: Mapping[str, Key]) -> str:
    return f"; the keys are {', '.join(keys)}"


def describe(key: Key) -> dict[str, Json]:
    return key.shape.schema() | ({"description": key.about} if key.about else {})


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a message: the known word that may have been meant."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
