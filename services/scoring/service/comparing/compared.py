"""What comes of comparing stored rows with what the journal told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.scoring.store.told import Told


@dataclass(frozen=True, slots=True)
class Compared:
    """An entry of the journal beside rows of one table, and what of them it didn't tell."""

    table: str
    about: str
    """What the rows are of, where no entry told of them."""
    told: Told | None
    """None where there is no entry that could have told of the rows."""
    differences: tuple[str, ...]


def columns_apart(
    told: Sequence[Mapping[str, Any]], stored: Sequence[Mapping[str, Any]]
) -> list[str]:
    """The columns in which rows differ; `rows` where there are more or fewer of them."""
    if len(told) != len(stored):
        return ["rows"]
    pairs = zip(told, stored, strict=True)
    return sorted({name for one, other in pairs for name in one if one[name] != other[name]})
