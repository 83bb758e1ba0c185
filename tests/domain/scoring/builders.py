"""Small models and synthetic evidence for the tests of scoring."""

from datetime import date
from itertools import count
from pathlib import Path

from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.loading import LoadedModel, load

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
