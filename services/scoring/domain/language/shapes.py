"""The kinds of place a model file has: each reads a node strictly and describes itself.

`read` gives the canonical value (decimals normalised, keys at their default dropped), or `WRONG`
after reporting why; `schema` gives the same rule as JSON Schema.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, Final, Protocol

from services.scoring.domain import amounts, dates
from services.scoring.domain.language.tree import Mapping as MappingNode
from services.scoring.domain.language.tree import Node, Place, Scalar, Sequence
from services.scoring.domain.problems import Path

Json = Any
"""A plain JSON value: what a shape reads, before it becomes a dataclass."""


class Wrong:
    """Stands where a value could not be read; its problem is already reported."""


WRONG: Final = Wrong()
NO_DEFAULT: Final = object()


@dataclass(slots=True)
class Findings:
    """Collects what is wrong, and where everything stands."""

    decimals: int
    problems: list[tuple[Place, Path, str, str]] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)

    def refuse(self, place: Place, path: Path, code: str, message: str) -> Wrong:
        self.problems.append((place, path, code, message))
        return WRONG

    def refuse_syntax(self, place: Place, code: str, message: str) -> None:
        self.problems.append((place, (), code, message))

    def note_place(self, path: Path, key: Node | None, value: Node) -> None:
        """A block under a key is found at its key, all else where it stands."""
        block = isinstance(value, MappingNode | Sequence) and not value.flow
        self.places[path] = key.place if key and block else value.place

    def place(self, path: Path) -> Place:
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


class Shape(Protocol):
    def read(self, node: Node, path: Path, found: Findings) -> Json: ...
    def schema(self) -> dict[str, Json]: ...


def nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


# Scalars


@dataclass(frozen=True, slots=True)
class Text:
    """Words: one line or several, no control characters."""

    what: str
    at_least: int = 1
    at_most: int = 4000
    pattern: str | None = None

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, self.what)
        if isinstance(text, Wrong):
            return WRONG
        if self.pattern and not re.fullmatch(self.pattern, text):
            return found.refuse(node.place, path, "malformed", f"write {self.what}")
        if not self.at_least <= len(text.strip()) or len(text) > self.at_most:
            message = f"write {self.what} of {self.at_least} to {self.at_most} characters"
            return found.refuse(node.place, path, "length", message)
        return text

    def schema(self) -> dict[str, Json]:
        limits = {"type": "string", "minLength": self.at_least, "maxLength": self.at_most}
        return limits | ({"pattern": f"^({self.pattern})$"} if self.pattern else {})


@dataclass(frozen=True, slots=True)
class Word:
    """One of a fixed set."""

    words: tuple[str, ...]

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, self.instead)
        if isinstance(text, str) and text not in self.words:
            return found.refuse(node.place, path, "not_a_choice", f"write {self.instead}")
        return text

    @property
    def instead(self) -> str:
        return " or ".join(f"`{word}`" for word in self.words)

    def schema(self) -> dict[str, Json]:
        return {"enum": list(self.words)}


@dataclass(frozen=True, slots=True)
class Decimal:
    """A quoted decimal, exact: points to the model's own `decimals`, other numbers to six."""

    points: bool

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if isinstance(node, Scalar) and node.meaning in {"integer", "float"}:
            return found.refuse(node.place, path, "unquoted", f'write "{node.text}" in quotes')
        text = read_text(node, path, found, 'a decimal in quotes, such as "2.5"')
        if isinstance(text, Wrong):
            return WRONG
        decimals = found.decimals if self.points else amounts.NUMBER_DECIMALS
        try:
            value = amounts.parse(text, decimals)
        except amounts.NotExact:
            message = f'write a decimal such as "2.5", with at most {decimals} decimals'
            return found.refuse(node.place, path, "not_exact", message)
        if self.points and abs(value) > MOST_POINTS * 10**decimals:
            message = f"write points of at most {MOST_POINTS}"
            return found.refuse(node.place, path, "too_many_points", message)
        return amounts.canonical(text)

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^{amounts.DECIMAL.pattern}$"}


MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Whole:
    """A plain whole number."""

    at_least: int
    at_most: int

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if isinstance(node, Scalar) and node.meaning == "integer" and node.text.isdecimal():
            value = int(node.text)
            if self.at_least <= value <= self.at_most and str(value) == node.text:
                return value
        message = f"write a whole number from {self.at_least} to {self.at_most}, without quotes"
        return found.refuse(node.place, path, "not_whole", message)

    def schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": self.at_least, "maximum": self.at_most}


@dataclass(frozen=True, slots=True)
class Day:
    """A date as text."""

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, "a date as YYYY-MM-DD")
        if isinstance(text, str) and not is_day(text):
            message = "write a date that exists, as YYYY-MM-DD, from 1900-01-01 to 2199-12-31"
            return found.refuse(node.place, path, "not_a_date", message)
        return text

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "format": "date"}


def is_day(text: str) -> bool:
    if not re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Span:
    """A duration of one unit: PnD or PnM."""

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        text = read_text(node, path, found, "a duration such as P84D or P6M")
        if isinstance(text, Wrong):
            return WRONG
        try:
            length = dates.parse_duration(text)
        except ValueError:
            length = None
        if length is None or length.most_days > MOST_DAYS:
            message = "write a duration in days or months of at most 50 years, such as P84D or P6M"
            return found.refuse(node.place, path, "not_a_duration", message)
        return text

    def schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": f"^{dates.DURATION.pattern}$"}


MOST_DAYS = 18600  # 600 months of 31 days


@dataclass(frozen=True, slots=True)
class Nullable:
    shape: Shape

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if isinstance(node, Scalar) and node.meaning == "null":
            return None
        return self.shape.read(node, path, found)

    def schema(self) -> dict[str, Json]:
        return {"anyOf": [self.shape.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class OnlyTrue:
    """A mark that is there or not: the language's one boolean."""

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        if isinstance(node, Scalar) and node.meaning == "boolean" and node.text == "true":
            return True
        return found.refuse(node.place, path, "not_true", "write `true`, or leave the key out")

    def schema(self) -> dict[str, Json]:
        return {"const": True}


def read_text(node: Node, path: Path, found: Findings, instead: str) -> str | Wrong:
    if not isinstance(node, Scalar):
        return found.refuse(node.place, path, "not_text", f"write {instead}")
    if node.meaning == "text":
        return node.text
    if node.meaning == "boolean":
        message = f"`{node.text}` is refused: the words are `yes` and `no`; write {instead}"
        return found.refuse(node.place, path, "boolean", message)
    if node.meaning == "null":
        return found.refuse(node.place, path, "empty", f"write {instead}")
    return found.refuse(node.place, path, "unquoted", f'write "{node.text}" in quotes, as text')


# What holds others


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
        entries = read_entries(node, path, found)
        if isinstance(entries, Wrong):
            return WRONG
        if len(entries) < self.at_least:
            return found.refuse(node.place, path, "too_few", "name at least one")
        values = {}
        for name, (key, value) in entries.items():
            here = (*path, name)
            found.note_place(here, key, value)
            if not re.fullmatch(self.name.pattern or ".+", name):
                found.refuse(key.place, here, "malformed", f"write {self.name.what}")
            values[name] = self.value.read(value, here, found)
        return values

    def schema(self) -> dict[str, Json]:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^({self.name.pattern})$"},
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
            return found.refuse(node.place, path, "missing", message)
        chosen = word.read(entries[self.by][1], (*path, self.by), found)
        if isinstance(chosen, Wrong):
            return WRONG
        fitting = [each for each in self.variants if each.word == chosen]
        marked = [each for each in fitting if each.marker in entries]
        return read_keys((marked or fitting)[0].record.keys, entries, node, path, found, 0)

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


Entries = dict[str, tuple[Node, Node]]


def read_entries(node: Node, path: Path, found: Findings) -> Entries | Wrong:
    """Keys to (key, value); doubled and non-string keys are refused and left out."""
    if not isinstance(node, MappingNode):
        return found.refuse(node.place, path, "not_a_mapping", "write keys with values here")
    entries: Entries = {}
    for key, value in node.entries:
        if not isinstance(key, Scalar) or key.meaning != "text":
            text = key.text if isinstance(key, Scalar) else "…"
            found.refuse(key.place, path, "key_not_text", f'write the key "{text}" in quotes')
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
        if read != key.default:
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
