"""A model file to a model: strict, and with every problem at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from services.scoring.domain.language import build
from services.scoring.domain.language.assemble import model_of
from services.scoring.domain.language.draft import Draft, draft, sound
from services.scoring.domain.language.findings import Findings, Json, Wrong
from services.scoring.domain.language.grammar import CASE, DOCUMENT
from services.scoring.domain.language.hashes import document_hash, rules_hash
from services.scoring.domain.language.tree import Mapping, Node, Scalar, parse
from services.scoring.domain.language.words import MOST_DECIMALS
from services.scoring.domain.model import GoldenCase, Model
from services.scoring.domain.problems import Finding, ModelRefused, Path, Problem, dotted
from services.scoring.domain.validation.bands import (
    check_least,
    check_reach,
    check_steps,
    totals_of,
)
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
    if POINTS.isdisjoint(faulty_parts(found, pieces)):
        report(found, check_steps(pieces))
    faulty = faulty_parts(found, pieces)
    totals = totals_of(pieces) if POINTS.isdisjoint(faulty) else []
    for check, needs in NEEDS.items():
        if needs.isdisjoint(faulty):
            report(found, check(pieces, totals))
    if not faulty <= ABOUT:
        raise refusal(file, found)
    model = model_of(document, pieces)
    report(found, check_golden(model, pieces.golden, totals))
    if found.problems:
        raise refusal(file, found)
    return loaded(model, document)


def load_again(text: str, file: str) -> LoadedModel:
    """A document that was sound when it was stored, whatever is refused since: read, not checked.

    Its hash tells the caller whether it is that document. Raises `ModelRefused` where a part can't
    be read at all.
    """
    found = Findings(decimals=MOST_DECIMALS, is_stored=True)
    tree = parse(text, file, found.refuse_syntax)
    found.decimals = decimals_of(tree)
    document = DOCUMENT.read(tree, (), found)
    if not sound(document):
        raise refusal(file, found)
    return loaded(model_of(document, draft(document, found.decimals)), document)


def loaded(model: Model, document: dict[str, Json]) -> LoadedModel:
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


POINTS = frozenset({"decimals", "indicators", "groups"})
"""The parts that totals follow from."""
NEEDS: dict[Callable[[Draft, Sequence[int]], Iterable[Finding]], frozenset[str]] = {
    check_least: POINTS | {"bands"},
    check_reach: POINTS | {"bands", "floors"},
}
"""The parts that a check of totals can't do without."""
ABOUT = frozenset(
    {"schema", "model", "title", "purpose", "change", "effective_from", "band_map", "golden"}
)
"""The parts that golden cases can be scored without."""
ASIDE = {"when", "absence", "kind"}
"""Of an indicator or floor: what no total follows from, a part of its own here."""


def faulty_parts(found: Findings, pieces: Draft) -> frozenset[str]:
    """Where in the model there is a fault; what could not be read at all is missing everywhere."""
    return pieces.unread.union(part_of(path) for _, path, _, _ in found.problems if path)


def part_of(path: Path) -> str:
    part, *within = map(str, path)
    is_aside = part in {"indicators", "floors"} and len(within) > 1 and within[1] in ASIDE
    return within[1] if is_aside else part


def report(found: Findings, findings: Iterable[Finding]) -> None:
    for each in findings:
        found.refuse(found.place(each.path), each.path, each.code, each.message)


def refusal(file: str, found: Findings) -> ModelRefused:
    ordered = sorted(found.problems, key=lambda each: (each[0].line, each[0].column, each[2]))
    return ModelRefused(
        Problem(file, place.line, place.column, dotted(path), code, message)
        for place, path, code, message in dict.fromkeys(ordered)
    )
