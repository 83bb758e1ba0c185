"""What changed between two versions of a model, line by line, in words a manager can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.problems import Path
from services.scoring.domain.sentences import period

Json = Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; None stands for what is not there."""

    path: Path
    before: Json
    after: Json

    @property
    def text(self) -> str:
        where = ", ".join(str(step).replace("_", " ") for step in self.path)
        if self.before is None:
            return f"{where}: new, {written(self.after)}"
        if self.after is None:
            return f"{where}: removed, was {written(self.before)}"
        return f"{where}: {written(self.before)} → {written(self.after)}"


def diff(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Difference, ...]:
    """Of two canonical documents; golden cases by name, windows and ranges by what they hold."""
    return (*compare((), before, after), *order_of_bands(before, after))


def compare(path: Path, before: Json, after: Json) -> Iterator[Difference]:
    if isinstance(before, list) and isinstance(after, list):
        before, after = keyed(before), keyed(after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from compare((*path, key), before.get(key), after.get(key))
    elif before != after:
        yield Difference(path, before, after)


def order_of_bands(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterator[Difference]:
    """Of lists with names only that of bands means something: which is higher."""
    names = [[band["id"] for band in each.get("bands", [])] for each in (before, after)]
    kept = [[name for name in each if all(name in other for other in names)] for each in names]
    if kept[0] != kept[1]:
        yield Difference(("bands", "order"), *kept)


def keyed(values: list[Json]) -> Mapping[str, Json] | tuple[Json, ...]:
    """A list of things that have names, by name; of others as it is."""
    names = [name_of(value) for value in values]
    if None in names or len(set(names)) < len(names):
        return tuple(values)
    return {str(name): value for name, value in zip(names, values, strict=True)}


def name_of(value: Json) -> str | None:
    if not isinstance(value, Mapping):
        return None
    if "id" in value or "name" in value:
        return str(value.get("id", value.get("name")))
    if "to" in value or str(value.get("from", "")).startswith("P"):
        return period(value["from"], value.get("to"))
    if "points" in value:
        return range_name(value.get("from"), value.get("below"))
    return None


def range_name(from_: Json, below: Json) -> str:
    if from_ is None:
        return "any" if below is None else f"below {below}"
    return f"from {from_}" if below is None else f"from {from_} to below {below}"


def written(value: Json) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {written(part)}" for key, part in value.items()) or "nothing"
    if isinstance(value, list | tuple):
        parts = [written(part) for part in value]
        if any(isinstance(part, Mapping) for part in value):
            return f"({'; '.join(parts)})"  # conditions in conditions: which belongs to which
        return ", ".join(parts) or "nothing"
    return str(value)
