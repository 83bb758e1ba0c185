"""The dictionary of observation codes: what the validated versions, together, can read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from services.scoring.domain import amounts
from services.scoring.domain.evidence import NOT_KNOWN
from services.scoring.domain.model import AnswerKind, Model, ReadCode


@dataclass(frozen=True, slots=True)
class Code:
    """An observation code: its kind of answer, who could know, and the versions that read it."""

    code: str
    answer_kind: AnswerKind
    options: frozenset[str]
    held_by: frozenset[str]
    versions: tuple[str, ...]


class CodesDisagree(ValueError):  # noqa: N818 - named for what happened
    """Two versions read one code as different kinds of answer."""

    def __init__(self, code: str, first: Code, other: AnswerKind, version: str) -> None:
        self.code = code
        self.version = version
        super().__init__(
            f"`{code}` is {first.answer_kind} in {', '.join(first.versions)}, but {other} in "
            f"{version}: use one kind of answer, or another code"
        )


def dictionary(models: Iterable[tuple[str, Model]]) -> Mapping[str, Code]:
    """All codes of (version label, model) pairs. Options and holders only grow."""
    found: dict[str, Code] = {}
    for version, model in models:
        for name, read in model.codes.items():
            found[name] = joined(found.get(name), name, read, version)
    return dict(sorted(found.items()))


def joined(known: Code | None, name: str, read: ReadCode, version: str) -> Code:
    if known is None:
        return Code(name, read.kind, read.options, read.held_by, (version,))
    if known.answer_kind != read.kind:
        raise CodesDisagree(name, known, read.kind, version)
    return Code(
        name,
        known.answer_kind,
        known.options | read.options,
        known.held_by | read.held_by,
        tuple(sorted({*known.versions, version})),
    )


def answer_problem(code: Code | ReadCode, answer: str) -> str | None:
    """What is wrong with an answer under a code, or None. The answer itself is not repeated."""
    kind = code.answer_kind if isinstance(code, Code) else code.kind
    if answer == NOT_KNOWN:
        return None
    if kind == "yes_no":
        return None if answer in code.options else "write yes, no or not_known"
    if kind == "choice":
        options = ", ".join(sorted(code.options))
        return None if answer in code.options else f"write one of {options}, or not_known"
    if amounts.is_number(answer):
        return None
    return "write a decimal as text, with at most 6 decimals, or not_known"


def nearest(name: str, codes: Mapping[str, Code]) -> tuple[str, ...]:
    """Up to three codes of nearly this name, nearest first."""
    return tuple(get_close_matches(name, list(codes), n=3))
