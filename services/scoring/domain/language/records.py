"""Places that hold others: lists, maps of the author's own names, records of fixed keys."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from services.scoring.domain.language.findings import WRONG, Findings, Json, Shape, Wrong
from services.scoring.domain.language.scalars import Text, Word
from services.scoring.domain.language.tree import Mapping as MappingNode
from services.scoring.domain.language.tree import Node, Scalar, Sequence
from services.scoring.domain.problems import Path

Entries = dict[str, tuple[Node, Node]]
"""By name: the key and the value."""
NO_DEFAULT: Final = object()
OWN_NAME: Final = object()
"""The default of a key that repeats the name its record goes by."""


@dataclass(frozen=True, slots=True)
class ListOf:
    item: Shape
    at_least: int = 0
    at_most: int = 1000

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if not isinstance(node, Sequence):
            return found.refuse(node.place, path, "not_a_list", "write a list")
        if not self.at_least <= len(node.items) <= self.at_most:
            message = f"write {self.at_least} to {self.at_most} entries"
            return found.refuse(node.place, path, "length", message)
        values = []
        for index, item in enumerate(node.items):
            found.note_place((*path, index), None, item)
            values.append(self.item.read(item, (*path, index), found))
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


@dataclass(frozen=True, slots=True)
class Variant:
    """The record for one `word`; if several have the word, the one whose `marker` key is there."""

    word: str
    record: Record
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Variants:
    """A record whose further keys follow from one word, as an indicator's from its `answer`."""

    by: str
    variants: tuple[Variant, ...]

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        entries = read_entries(node, path, found)
        if isinstance(entries, Wrong):
            return WRONG
        word = Word(tuple(dict.fromkeys(each.word for each in self.variants)))
        if self.by not in entries:
            message = f"`{self.by}` is missing: write {word.instead}"
            chosen: Json = found.refuse(node.place, path, "missing", message)
        else:
            chosen = word.read(entries[self.by][1], (*path, self.by), found)
        if isinstance(chosen, Wrong):
            self._read_common(entries, node, path, found)
            return WRONG
        fitting = [each for each in self.variants if each.word == chosen]
        marked = [each for each in fitting if each.marker in entries]
        return read_keys((marked or fitting)[0].record.keys, entries, node, path, found, 0)

    def _read_common(self, entries: Entries, node: Node, path: Path, found: Findings) -> None:
        """Which keys belong here isn't known; what is wrong with those of all is said even so."""
        records = [each.record.keys for each in self.variants]
        common = {
            name: key
            for name, key in records[0].items()
            if name != self.by and all(keys.get(name) == key for keys in records)
        }
        of_some = {name for keys in records for name in keys} - common.keys()
        rest = {name: entry for name, entry in entries.items() if name not in of_some}
        read_keys(common, rest, node, path, found, 0)

    def schema(self) -> dict[str, Json]:
        return {"oneOf": [each.record.schema() for each in self.variants]}


@dataclass(frozen=True, slots=True)
class OneOf:
    """Records told apart by which key they have; resolved late, as conditions nest."""

    records: Callable[[], Mapping[str, Record]]
    name: str

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        entries = read_entries(node, path, found)
        if isinstance(entries, Wrong):
            return WRONG
        records = self.records()
        named = [name for name in records if name in entries]
        if len(named) != 1:
            instead = " or ".join(f"`{name}`" for name in records)
            return found.refuse(node.place, path, "which", f"write one of {instead} here")
        return read_keys(records[named[0]].keys, entries, node, path, found, 0)

    def schema(self) -> dict[str, Json]:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, Json]:
        return {"oneOf": [record.schema() for record in self.records().values()]}


def read_entries(
    node: Node, path: Path, found: Findings, names: Text | None = None
) -> Entries | Wrong:
    """Keys to (key, value); doubled and non-string keys are refused and left out."""
    if not isinstance(node, MappingNode):
        return found.refuse(node.place, path, "not_a_mapping", "write keys with values here")
    entries: Entries = {}
    for key, value in node.entries:
        if not isinstance(key, Scalar) or key.meaning != "text":
            message = "write one word as the key"
            if names and isinstance(key, Scalar) and names.fault(key.text) is None:
                message = f'write the key "{key.text}" in quotes'
            found.refuse(key.place, path, "key_not_text", message)
        elif key.text in entries:
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
) -> Json:
    values: dict[str, Json] = {}
    for name, (key_node, value) in entries.items():
        here = (*path, name)
        key = keys.get(name)
        if key is None:
            message = f"`{name}` is not a key here{nearest(name, keys) or allowed(keys)}"
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
