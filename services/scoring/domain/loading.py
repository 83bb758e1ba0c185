"""A model file to a model: strict, and with every problem at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.scoring.domain.language import build
from services.scoring.domain.language.draft import Draft, draft, sound
from services.scoring.domain.language.grammar import DOCUMENT, MOST_DECIMALS
from services.scoring.domain.language.hashes import document_hash, rules_hash
from services.scoring.domain.language.shapes import Findings, Json, Wrong
from services.scoring.domain.language.tree import Mapping, Node, Scalar, parse
from services.scoring.domain.model import AgeLimits, Completeness, Model
from services.scoring.domain.problems import Finding, ModelRefused, Problem, dotted
from services.scoring.domain.validation.bands import check_attainable
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
    report(found, check_golden(model, pieces.golden))
    if found.problems:
        raise refusal(file, found)
    return LoadedModel(model, document, document_hash(document), rules_hash(document))


def decimals_of(tree: Node) -> int:
    """Read ahead of all else: what points may look like depends on it. The most, if it is wrong."""
    entries = tree.entries if isinstance(tree, Mapping) else ()
    for key, value in entries:
        if isinstance(key, Scalar) and key.text == "decimals" and isinstance(value, Scalar):
            return min(int(value.text), MOST_DECIMALS) if value.text.isdecimal() else MOST_DECIMALS
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


def model_of(document: Json, pieces: Draft) -> Model:
    """The model of sound rules; what is about it may still be faulty, and then stands blank."""
    about = {key: document[key] if sound(document[key]) else blank for key, blank in BLANKS.items()}
    return Model(
        name=about["model"],
        title=about["title"],
        purpose=about["purpose"],
        change=build.change(about["change"]),
        effective_from=date.fromisoformat(about["effective_from"]),
        decimals=pieces.decimals,
        applies=pieces.applies or ANY_AGE,
        indicators=pieces.lines,
        groups={name: group for name, group in sorted(pieces.groups.items()) if group},
        bands=tuple(band for band in pieces.bands if band),
        band_map=dict(sorted(pieces.band_map.items())),
        floors=tuple(floor for floor in pieces.floors if floor),
        completeness=pieces.completeness or ALL_KNOWN,
        golden=tuple(case for case in pieces.golden if case),
        codes=build.codes(pieces.lines),
        readers=build.readers(pieces.lines),
        age_readers=build.age_readers(pieces.lines),
        watched=build.watched(pieces.lines, pieces.floors),
        state_codes=build.state_codes(pieces.lines),
        places={band.id: place for place, band in enumerate(pieces.bands) if band},
        band_starts=build.band_starts(pieces.bands),
    )


BLANKS: dict[str, Json] = {
    "model": "",
    "title": "",
    "purpose": "",
    "change": {"kind": "new", "reason": ""},
    "effective_from": "2000-01-01",
}
ANY_AGE = AgeLimits(None, None)
ALL_KNOWN = Completeness((), None, "provisional")
