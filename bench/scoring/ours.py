"""Amber: the pure engine one by one, and the engine in columns."""

from collections.abc import Callable

import numpy as np

from bench.scoring.weights import AS_OF, BANDS, NEVER, Child, model
from services.scoring.domain.engine.ask import ask_next
from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.score import Score, score
from services.scoring.domain.population.columns import columns
from services.scoring.domain.population.engine import score_population

MODEL = model()
Answers = list[tuple[int, str]]
Columns = tuple[np.ndarray, np.ndarray]


def one_by_one(some: list[Child]) -> Callable[[], Answers]:
    known = [child.evidence() for child in some]

    def run() -> Answers:
        return [headline(score(MODEL, each, AS_OF)) for each in known]

    return run


def headline(found: Score) -> tuple[int, str]:
    if found.standing is None:
        raise ValueError("the weights apply to everyone")
    return found.standing.total, str(found.band)


def documents(some: list[Child]) -> Callable[[], None]:
    known = [child.evidence() for child in some]

    def run() -> None:
        for each in known:
            as_document(score(MODEL, each, AS_OF))

    return run


def outlook(some: list[Child]) -> Callable[[], None]:
    found = [score(MODEL, child.evidence(), AS_OF) for child in some]

    def run() -> None:
        for each in found:
            forecast(each)
            ask_next(each)
            nearest_change(each)

    return run


def in_bulk(some: list[Child]) -> Callable[[], Columns]:
    population = columns(MODEL, [child.evidence() for child in some])

    def run() -> Columns:
        found = score_population(MODEL, population, AS_OF)
        return found.total, found.band

    return run


def listed(found: Columns) -> Answers:
    totals, bands = found
    return [(t, BANDS[b]) for t, b in zip(totals.tolist(), bands.tolist(), strict=True)]


def bare_product(some: list[Child]) -> Callable[[], object]:
    """The least a computer can do with as many answers: an int32 matrix times a vector."""
    answers = np.array([[days < NEVER for days in child.days.values()] for child in some], np.int32)
    points = np.arange(answers.shape[1], dtype=np.int32)
    return lambda: answers @ points
