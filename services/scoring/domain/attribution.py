"""Why a score changed since the last one, in parts that add up to the difference."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from services.scoring.domain import amounts
from services.scoring.domain.engine.meanings import LATEST
from services.scoring.domain.engine.score import headline
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.language.words import MOST_DECIMALS
from services.scoring.domain.model import Model

Cause = Literal["ageing", "correction", "new_evidence", "model"]


class Basis(NamedTuple):
    """All that a score is made from."""

    model: Model
    evidence: Evidence
    as_of: date
    meaning: str = LATEST
    """The engine version that computed, or computes, it."""


class Part(NamedTuple):
    """What one cause did, on top of those before it.

    `points` is exact text, with its sign. Where the model does not apply, there are no points: to
    start or stop applying counts as a change from or to 0, and shows in the bands as None.
    """

    cause: Cause
    points: str
    band_before: str | None
    band_after: str | None


def attribute(before: Basis, told: Basis, after: Basis) -> tuple[Part, ...]:
    """In the order ageing, correction, new evidence, model; every cause has its part, if only 0.

    `told` is all that is known now, under the model and the engine version of before: which silence
    it may not take for a no is another question than the one that the model of now asks. Another
    engine version is another meaning of the model, so what it does is of that part.
    """
    aged = before._replace(as_of=told.as_of)
    steps: tuple[tuple[Cause, Basis], ...] = (
        ("ageing", aged),
        ("correction", aged._replace(evidence=correct(before.evidence, told.evidence))),
        ("new_evidence", told),
        ("model", after),
    )
    parts = []
    at, last = before, outcome(before)
    for cause, basis in steps:
        found = last if basis == at else outcome(basis)
        points = amounts.write(found.points - last.points, MOST_DECIMALS)
        parts.append(Part(cause, points, last.band, found.band))
        at, last = basis, found
    return tuple(parts)


class Outcome(NamedTuple):
    """Points in the finest steps any model has, so that models can be compared."""

    points: int
    band: str | None


def outcome(basis: Basis) -> Outcome:
    found = headline(*basis)
    if found is None:
        return Outcome(0, None)
    model = basis.model
    band = None if found.band is None else model.bands[found.band].id
    return Outcome(found.total * 10 ** (MOST_DECIMALS - model.decimals), band)


def correct(old: Evidence, new: Evidence) -> Evidence:
    """The old statements as they read now: revised, or gone; and the child's facts of now.

    Which feeds are silent belongs to the new evidence.
    """
    now = {statement(each): each for each in new.observations}
    kept = tuple(now[statement(each)] for each in old.observations if statement(each) in now)
    return replace(new, observations=kept, stale=old.stale)


def statement(observation: Observation) -> tuple[str, str]:
    return observation.source, observation.source_ref


def main_cause(parts: tuple[Part, ...], *, other_model: bool = False) -> Cause | None:
    """The cause that moved the total most; of equals the first; None where nothing came before.

    Where the total stayed, the first cause that changed the band; else the model, if it is another
    now, else new evidence: something was learned that moved no points.
    """
    if not parts:
        return None
    largest = max(parts, key=lambda part: abs(Decimal(part.points)))
    if Decimal(largest.points):
        return largest.cause
    changed = (part.cause for part in parts if part.band_before != part.band_after)
    return next(changed, "model" if other_model else "new_evidence")
