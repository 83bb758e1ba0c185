"""Reading goes on after a fault: what was found wrong, and where everything stands."""

from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from services.scoring.domain.language.syntax import Place
from services.scoring.domain.language.tree import Mapping, Node, Sequence
from services.scoring.domain.problems import Path

Json = Any
"""A plain JSON value: what a shape reads, before it becomes a dataclass."""


class Wrong:
    """Stands where a value could not be read; its problem is already reported."""


WRONG: Final = Wrong()


@dataclass(slots=True)
class Findings:
    """Collects what is wrong, and where everything stands."""

    decimals: int
    is_stored: bool = False
    """It was sound once: what a text may hold was asked then."""
    problems: list[tuple[Place, Path, str, str]] = field(default_factory=list)
    places: dict[Path, Place] = field(default_factory=dict)

    def refuse(self, place: Place, path: Path, code: str, message: str) -> Wrong:
        self.problems.append((place, path, code, message))
        return WRONG

    def refuse_syntax(self, place: Place, code: str, message: str) -> None:
        self.problems.append((place, (), code, message))

    def note_place(self, path: Path, key: Node | None, value: Node) -> None:
        """A block under a key is found at its key, all else where it stands."""
        block = isinstance(value, Mapping | Sequence) and not value.flow
        self.places[path] = key.place if key and block else value.place

    def place(self, path: Path) -> Place:
        while path not in self.places and path:
            path = path[:-1]
        return self.places.get(path, Place(1, 1))


class Shape(Protocol):
    def read(self, node: Node, path: Path, found: Findings) -> Json: ...
    def schema(self) -> dict[str, Json]: ...
