"""Answers stay what they were, byte for byte: an engine version has one meaning.

`pinned.json` holds random models and children, once drawn, and by engine version the digest of
every answer to them. It is never drawn again: a digest that differs is a new engine version, which
adds digests of its own (docs/adr/0015).
"""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.scoring.domain.engine.document import (
    as_document,
    forecast_document,
    nearest_document,
)
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.meanings import MEANINGS
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import Model
from tests.domain.scoring.random_models import DAY_ZERO, model_from

PINNED = json.loads(Path(__file__).with_name("pinned.json").read_text(encoding="utf-8"))


def child(row: dict[str, Any]) -> Evidence:
    known = tuple(
        Observation(code, answer, day(begins), None if ends is None else day(ends), *rest)
        for code, answer, begins, ends, *rest in row["observations"]
    )
    born = None if row["born"] is None else day(row["born"])
    return Evidence(known, born, stale=frozenset(row["stale"]))


def day(text: str) -> date:
    return date.fromisoformat(text)


def digest(model: Model, known: Evidence, as_of: date, meaning: str) -> str:
    found = score(model, known, as_of, meaning)
    documents = [
        as_document(found),
        forecast_document(found, forecast(found)),
        nearest_document(found, nearest_change(found)),
    ]
    return hashlib.sha256(json.dumps(documents).encode()).hexdigest()


@pytest.mark.parametrize("place", range(len(PINNED)))
@pytest.mark.parametrize("meaning", sorted(MEANINGS))
def test_an_answer_is_what_it_was(place: int, meaning: str) -> None:
    pinned = PINNED[place]
    model = model_from(pinned["model"])

    found = [
        digest(model, child(row), DAY_ZERO + timedelta(days=days), meaning)
        for row in pinned["children"]
        for days in (0, 150)
    ]

    assert found == pinned["digests"][meaning]
