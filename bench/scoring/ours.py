"""Amber: the pure engine one by one, and the engine in columns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np

from bench.scoring.weights import AS_OF, BANDS, NEVER, Child, model
from services.scoring.domain.attribution import Basis, attribute
from services.scoring.domain.engine.ask import ask_next
from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.score import Score, headline, score
from services.scoring.domain.engine.standing import Headline, Standing
from services.scoring.domain.population.columns import columns
from services.scoring.domain.population.engine import headlines, score_population

MODEL = model()
Answers = list[tuple[int, str]]
Columns = tuple[np.ndarray, np.ndarray]
MONTH = timedelta(days=30)


def headlines_one_by_one(some: list[Child]) -> Callable[[], Answers]:
    """Total, band and fired floors: the output of the others."""
    known = [child.evidence() for child in some]

    def run() -> Answers:
        return [total_and_band(headline(MODEL, each, AS_OF)) for each in known]

    return run


def total_and_band(found: Headline | Standing | None) -> tuple[int, str]:
    if found is None or found.band is None:
        raise ValueError("the weights apply to everyone")
    return found.total, MODEL.bands[found.band].id


def one_by_one(some: list[Child]) -> Callable[[], Answers]:
    """Every reason read too."""
    known = [child.evidence() for child in some]

    def run() -> Answers:
        return [explained(score(MODEL, each, AS_OF)) for each in known]

    return run


def explained(found: Score) -> tuple[int, str]:
    for each in found.contributions:
        each.why(found.seen)
    return total_and_band(found.standing)


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


def changes(some: list[Child]) -> Callable[[], None]:
    """Why the score is another than a month ago, when half of it was known."""
    found = []
    for child in some:
        now = child.evidence()
        then = replace(now, observations=now.observations[::2])
        found.append((Basis(MODEL, then, AS_OF - MONTH), Basis(MODEL, now, AS_OF)))

    def run() -> None:
        for before, after in found:
            attribute(before, after, after)  # the same model: what is known now is what it asks for

    return run


def in_bulk(some: list[Child]) -> Callable[[], Columns]:
    population = columns(MODEL, [child.evidence() for child in some])

    def run() -> Columns:
        found = score_population(MODEL, population, AS_OF)
        return found.total, found.band

    return run


def headlines_in_bulk(some: list[Child]) -> Callable[[], Columns]:
    population = columns(MODEL, [child.evidence() for child in some])

    def run() -> Columns:
        found = headlines(MODEL, population, AS_OF)
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
