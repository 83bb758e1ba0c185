"""Places for one of several records, told apart by a word or by a key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from services.scoring.domain.language.findings import WRONG, Findings, Json, Wrong
from services.scoring.domain.language.records import Entries, Record, read_entries, read_keys
from services.scoring.domain.language.scalars import Word
from services.scoring.domain.language.tree import Node
from services.scoring.domain.problems import Path


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
        keys = (marked or fitting)[0].record.keys
        elsewhere = {name for each in self.variants for name in each.record.keys}
        return read_keys(keys, entries, node, path, found, 0, elsewhere)

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
    elsewhere: tuple[str, ...] = ()
    """Keys that conditions have in other places."""

    def read(self, node: Node, path: Path, found: Findings) -> Json:
        entries = read_entries(node, path, found)
        if isinstance(entries, Wrong):
            return WRONG
        records = self.records()
        named = [name for name in records if name in entries]
        if len(named) != 1:
            instead = " or ".join(f"`{name}`" for name in records)
            found.refuse(node.place, path, "which", f"write one of {instead} here")
            known = {name: key for each in records.values() for name, key in each.keys.items()}
            keys = {name: replace(key, required=False) for name, key in known.items()}
            read_keys(keys, entries, node, path, found, 0, self.elsewhere)
            return WRONG
        return read_keys(records[named[0]].keys, entries, node, path, found, 0)

    def schema(self) -> dict[str, Json]:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, Json]:
        return {"oneOf": [record.schema() for record in self.records().values()]}
