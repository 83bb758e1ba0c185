"""Models for one test: the rules alone, checked, but without golden cases."""

from textwrap import dedent, indent

from services.scoring.domain.language.assemble import model_of
from services.scoring.domain.language.draft import draft
from services.scoring.domain.language.findings import Findings
from services.scoring.domain.language.grammar import DOCUMENT
from services.scoring.domain.language.tree import parse
from services.scoring.domain.model import Model
from services.scoring.domain.validation.check import check_pieces

ABOUT = """\
schema: riskmodel/1
model: sketch
title: A sketch
purpose: For one test.
change: {kind: new, reason: "a model for one single test"}
effective_from: 2026-01-01
decimals: 1
golden: [{name: none, as_of: 2026-01-01, expect: {status: complete}}]
"""
BANDS = """\
bands:
  - {id: low, from: "-100"}
  - {id: medium, from: "5"}
  - {id: top, from: null}
  - {id: high, from: "10"}
"""


def sketch(rules: str, bands: str = BANDS) -> Model:
    """A model of these rules; an indicator may leave out title, kind and held_by."""
    text = ABOUT + dedent(rules).strip() + "\n" + bands
    found = Findings(decimals=1)
    document = DOCUMENT.read(parse(text, "sketch.yaml", found.refuse_syntax), (), found)
    pieces = draft(document, found.decimals)
    problems = [message for _, _, _, message in found.problems]
    problems += [f"{each.path}: {each.message}" for each in check_pieces(pieces)]
    assert not problems, problems
    return model_of(document, pieces)


def one(answer: str, *, kind: str = "risk", name: str = "it") -> Model:
    """A model of one indicator, whose answer is given."""
    return sketch(f"indicators:\n{line(answer, kind=kind, name=name)}")


def line(answer: str, *, kind: str = "risk", name: str = "it", more: str = "") -> str:
    head = f"{name}: {{title: It, kind: {kind}, held_by: [police, health], {more}{answer}}}"
    return indent(head, "  ") + "\n"
