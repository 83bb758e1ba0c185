"""Small models and synthetic evidence for the tests of scoring."""

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.loading import LoadedModel, load
from services.scoring.domain.model import Model

SHIPPED = Path("services/scoring/models")
BORN = date(2012, 1, 1)
AS_OF = date(2026, 6, 1)
_numbers = count(1)


def shipped(name: str) -> LoadedModel:
    file = SHIPPED / name
    return load(file.read_text(encoding="utf-8"), str(file))


def seen(
    code: str,
    answer: str,
    on: str,
    until: str | None = None,
    *,
    incident: str | None = None,
    agency: str = "police",
    ref: str | None = None,
    revision: int = 1,
) -> Observation:
    return Observation(
        code=code,
        answer=answer,
        observed_on=date.fromisoformat(on),
        observed_until=None if until is None else date.fromisoformat(until),
        incident_ref=incident,
        agency=agency,
        source=f"{agency}-feed",
        source_ref=ref or str(next(_numbers)),
        revision=revision,
    )


def evidence(
    *observations: Observation, born: date | None = BORN, stale: tuple[str, ...] = ()
) -> Evidence:
    return Evidence(observations, born, stale=frozenset(stale))


def answer(model: Model, known: Evidence, as_of: date = AS_OF) -> dict[str, Any]:
    """The full answer of a score, as plain JSON."""
    return as_document(score(model, known, as_of))
