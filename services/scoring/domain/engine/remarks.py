"""What is said of a score beside its points: worked out when it is read, as most scores are not.

Where the model does not apply nothing is said but why.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.engine.contribution import Reason
from services.scoring.domain.engine.meanings import FIRST
from services.scoring.domain.engine.score import Score
from services.scoring.domain.engine.seen import Seen
from services.scoring.domain.engine.standing import is_enough
from services.scoring.domain.engine.weighing import ordered
from services.scoring.domain.evidence import Observation
from services.scoring.domain.model import Model


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Answers of one day under one code that differ; the score took the one with most points."""

    code: str
    day: date
    observations: tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Staleness:
    """A silent feed, and the indicators its agency could have told about."""

    agency: str
    indicators: tuple[str, ...]


def status_reason(score: Score) -> Reason | None:
    """Why it is not complete."""
    if score.status == "not_applicable":
        return outside(score.model, score.seen)
    if score.status == "complete":
        return None
    lines = score.contributions
    if knows_enough(score):
        return Reason("no_date_of_birth")
    unknown = {each.indicator.id for each in lines if each.state == "unknown"}
    required = sorted(unknown & set(score.model.completeness.required))
    known = len(lines) - len(unknown)
    params = {"known": known, "of": len(lines), "required_unknown": required}
    return Reason("not_all_known", params)


def knows_enough(score: Score) -> bool:
    """In version 1 only all was enough to say so."""
    states = [each.state for each in score.contributions]
    return "unknown" not in states if score.plan.meaning == FIRST else is_enough(score.plan, states)


def outside(model: Model, seen: Seen) -> Reason:
    limits = model.applies
    if seen.age is not None and seen.age < 0:
        return Reason("not_born_yet")
    return Reason("age_outside", {"age": seen.age, "from": limits.from_, "below": limits.below})


def disagreements(score: Score) -> tuple[Disagreement, ...]:
    """Of answers that stand for some indicator; events can't disagree: every yes counts."""
    if score.standing is None:
        return ()
    found = []
    for code, withins in score.plan.reach_of_states.items():
        standing = (score.seen.latest(code, within) for within in withins)
        latest = next(filter(None, standing), None)
        if latest and len(set(meanings(score.model, code, latest.observations))) > 1:
            found.append(Disagreement(code, latest.day, ordered(latest.observations)))
    return tuple(found)


def meanings(model: Model, code: str, some: Iterable[Observation]) -> Iterator[str | int]:
    """What was said; 2 and 2.0 are the same number."""
    number = model.codes[code].kind == "number"
    for each in some:
        yield amounts.parse_number(each.answer) if number else each.answer


def not_understood(score: Score) -> tuple[Observation, ...]:
    """Answers that this version does not know."""
    return () if score.standing is None else ordered(score.seen.not_understood)


def staleness(score: Score) -> tuple[Staleness, ...]:
    if score.standing is None:
        return ()
    leaning = {
        agency: tuple(line.id for line in score.model.indicators if agency in line.held_by)
        for agency in sorted(score.seen.stale)
    }
    return tuple(Staleness(agency, lines) for agency, lines in leaning.items() if lines)
