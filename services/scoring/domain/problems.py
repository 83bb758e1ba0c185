"""What is wrong with a model file, where, and what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass

from typing_extensions import override

Path = tuple[str | int, ...]
"""The way from the top of the document to a place in it: ("bands", 0, "from")."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the content, before its place in the file is looked up."""

    path: Path
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault with its place; lines and columns count from 1."""

    file: str
    line: int
    column: int
    path: str
    code: str
    message: str

    @override
    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ModelRefused(Exception):  # noqa: N818 - named for what happened
    """A model is taken whole or not at all: every problem found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


def dotted(path: Path) -> str:
    return ".".join(map(str, path))
