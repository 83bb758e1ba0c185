"""The gateway's own YAML files, read strictly: every fault at once, each with its line.

A misspelt key in a policy must not quietly mean less, or more, than was written.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from shared.http.validation import worded
from shared.starting import CannotStartError

_PLAIN = {"map", "seq", "str", "int", "bool", "null"}
Place = tuple[str | int, ...]


class StrictModel(BaseModel):
    """A part of a file: an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Document = TypeVar("Document", bound=StrictModel)


class FileFaultsError(CannotStartError):
    """What is wrong with a file, line by line, and what to write instead."""

    def __init__(self, path: Path, faults: Sequence[tuple[int, str]]) -> None:
        self.faults = [f"{path.name}:{line}: {text}" for line, text in sorted(faults)]
        super().__init__("\n".join(self.faults))


class LocatedFile:
    """A parsed file that still knows on which line everything stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[tuple[int, str]] = []
        self._lines: dict[Place, int] = {(): 1}
        # compose() instead of load(): load stops at the first duplicate key and drops the lines.
        try:
            root = YAML(typ="rt", pure=True).compose(path.read_text(encoding="utf-8"))
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise FileFaultsError(path, [(line, f"not YAML: {error.problem}")]) from None
        self.content = self._value(root, ())

    def line_of(self, place: Place) -> int:
        """The line of a value, or of the nearest thing around it."""
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def fault(self, place: Place, text: str) -> None:
        """Note something wrong."""
        self.faults.append((self.line_of(place), text))

    def raise_faults(self) -> None:
        """Raise `FileFaultsError` with everything noted so far."""
        if self.faults:
            raise FileFaultsError(self.path, self.faults)

    def read_as(self, model: type[Document]) -> Document:
        """The content as a model. Raises `FileFaultsError` with everything wrong."""
        self.raise_faults()
        try:
            return model.model_validate(self.content)
        except ValidationError as error:
            for raw in error.errors():
                place = tuple(part for part in raw["loc"] if part != "[key]")
                name = ".".join(str(part) for part in place)
                self.fault(place, f"{name}: {worded(raw).message}")
            raise FileFaultsError(self.path, self.faults) from None

    def _value(self, node: Node | None, place: Place) -> Any:  # noqa: ANN401  # any YAML value
        if node is None:
            return None
        self._lines.setdefault(place, node.start_mark.line + 1)
        if node.anchor:
            self.fault(place, "anchors and aliases aren't read here; write it out.")
        if str(node.tag).rpartition(":")[2] not in _PLAIN:
            self.fault(place, "write a text, a whole number, true or false.")
        if isinstance(node, MappingNode):
            return self._mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self._value(inner, (*place, i)) for i, inner in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, inner in node.value:
            key = str(key_node.value)
            here = (*place, key)
            if key in found:
                self._lines[here] = key_node.start_mark.line + 1
                self.fault(here, f"{key}: this key stands here twice.")
            self._lines[here] = key_node.start_mark.line + 1
            found[key] = self._value(inner, here)
        return found


def _scalar(node: Node) -> str | int | bool | None:
    kind, text = str(node.tag).rpartition(":")[2], str(node.value)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0)
    return text
