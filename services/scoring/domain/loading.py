"""A model file to a model: strict, and with every problem at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.scoring.domain.attainable import span
from services.scoring.domain.language import build
from services.scoring.domain.language.assemble import model_of
from services.scoring.domain.language.draft import draft
from services.scoring.domain.language.findings import Findings, Json, Wrong
from services.scoring.domain.language.grammar import CASE, DOCUMENT
from services.scoring.domain.language.hashes import document_hash, rules_hash
from services.scoring.domain.language.tree import Mapping, Node, Scalar, parse
from services.scoring.domain.language.words import MOST_DECIMALS
from services.scoring.domain.model import GoldenCase, Model
from services.scoring.domain.problems import Finding, ModelRefused, Problem, dotted
from services.scoring.domain.validation.bands import MOST_STEPS, check_attainable
from services.scoring.domain.validation.check import check_pieces
from services.scoring.domain.validation.golden import check_golden


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model with the document it came from, canonical: decimals normalised, defaults dropped."""

    model: Model
    document: dict[str, Json]
    document_hash: str
    rules_hash: str


def load(text: str, file: str) -> LoadedModel:
    """Reads, validates and runs the golden cases. Raises `ModelRefused`; never takes a part."""
    found = Findings(decimals=MOST_DECIMALS)
    tree = parse(text, file, found.refuse_syntax)
    found.decimals = decimals_of(tree)
    document = DOCUMENT.read(tree, (), found)
    if isinstance(document, Wrong):
        raise refusal(file, found)
    pieces = draft(document, found.decimals)
    report(found, check_pieces(pieces))
    if not pieces.whole or any(is_rule(path) for _, path, _, _ in found.problems):
        raise refusal(file, found)
    model = model_of(document, pieces)
    report(found, check_attainable(model))
    if span(model.indicators) <= MOST_STEPS:
        report(found, check_golden(model, pieces.golden))
    if found.problems:
        raise refusal(file, found)
    return LoadedModel(model, document, document_hash(document), rules_hash(document))


def load_case(text: str, file: str) -> GoldenCase:
    """A case to score: the form of a golden case, whose name and expectations may be left out."""
    found = Findings(decimals=MOST_DECIMALS)
    value = CASE.read(parse(text, file, found.refuse_syntax), (), found)
    if found.problems:
        raise refusal(file, found)
    return build.golden_case({"name": "a case", "expect": {}, **value})


def decimals_of(tree: Node) -> int:
    """Read ahead of all else: what points may look like depends on it. The most, if it is wrong."""
    entries = tree.entries if isinstance(tree, Mapping) else ()
    for key, value in entries:
        if isinstance(key, Scalar) and key.text == "decimals" and isinstance(value, Scalar):
            one_digit = len(value.text) == 1 and value.text.isdecimal()
            return min(int(value.text), MOST_DECIMALS) if one_digit else MOST_DECIMALS
    return MOST_DECIMALS


ABOUT = {"schema", "model", "title", "purpose", "change", "effective_from", "golden"}
"""Keys whose faults leave the rules whole, so that these can still be checked."""


def is_rule(path: tuple[str | int, ...]) -> bool:
    return bool(path) and path[0] not in ABOUT


def report(found: Findings, findings: Iterable[Finding]) -> None:
    for each in findings:
        found.refuse(found.place(each.path), each.path, each.code, each.message)


def refusal(file: str, found: Findings) -> ModelRefused:
    ordered = sorted(found.problems, key=lambda each: (each[0].line, each[0].column, each[2]))
    return ModelRefused(
        Problem(file, place.line, place.column, dotted(path), code, message)
        for place, path, code, message in dict.fromkeys(ordered)
    )
