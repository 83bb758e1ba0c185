"""Computing scores: on reading, and again from what was known when one was stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.scoring.domain.engine.document import (
    as_document,
    forecast_document,
    nearest_document,
)
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.score import ENGINE_VERSION, Score, score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.versions import Version
from services.scoring.store.scores import StoredScore


@dataclass(frozen=True, slots=True)
class Computed:
    """A score just computed, with the version it is under."""

    version: Version
    score: Score
    document: Mapping[str, Any]


def compute(model: Model, version: Version, evidence: Evidence, as_of: date) -> Computed:
    """The score that evidence comes to on a day, under the compiled `model` of a version."""
    found = score(model, evidence, as_of)
    return Computed(version, found, as_document(found))


def outlook(computed: Computed) -> Mapping[str, Any]:
    """Every day in the next twelve months on which the score changes by itself, and the nearest
    single answer that would change the band."""
    return {
        "forecast": forecast_document(computed.score, forecast(computed.score)),
        "nearest_change": nearest_document(computed.score, nearest_change(computed.score)),
    }


def is_equal(stored: StoredScore, document_hash: str, document: Mapping[str, Any]) -> bool:
    """Whether a stored score says the same: under the same content, whatever the day."""
    return (
        stored.document_hash == document_hash
        and stored.engine_version == ENGINE_VERSION
        and _without_day(stored.document) == _without_day(document)
    )


def _without_day(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "as_of"}
