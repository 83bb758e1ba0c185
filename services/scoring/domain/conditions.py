"""Conditions as trees: their leaves, each with its place in the file."""

from collections.abc import Iterator

from services.scoring.domain.model import (
    AgeBelow,
    All,
    Any,
    CodeIs,
    Condition,
    Present,
    SinglePointsFrom,
)
from services.scoring.domain.problems import Path

Leaf = CodeIs | AgeBelow | Present | SinglePointsFrom


def leaves(condition: Condition | None, path: Path = ()) -> Iterator[tuple[Path, Leaf]]:
    """The conditions that hold no others."""
    match condition:
        case None:
            return
        case All(parts):
            yield from inner(parts, (*path, "all"))
        case Any(parts):
            yield from inner(parts, (*path, "any"))
        case CodeIs() | AgeBelow() | Present() | SinglePointsFrom() as leaf:
            yield path, leaf


def inner(parts: tuple[Condition, ...], path: Path) -> Iterator[tuple[Path, Leaf]]:
    for place, part in enumerate(parts):
        yield from leaves(part, (*path, place))
