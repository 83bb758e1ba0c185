"""The score of a child as of a date: a pure function of model, evidence and date."""

from dataclasses import dataclass
from datetime import date

from services.scoring.domain.engine.contribution import Contributions, Reason
from services.scoring.domain.engine.plan import Plan, plan_of
from services.scoring.domain.engine.seen import Seen, look
from services.scoring.domain.engine.standing import (
    Headline,
    Standing,
    headline_with,
    stand,
)
from services.scoring.domain.engine.weighing import ordered
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import Model, Status

ENGINE_VERSION = "1"
"""The version of meaning. Any change that can alter an answer makes a new one, beside the old."""


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


@dataclass(frozen=True, slots=True)
class Score:
    """The full answer. Points are scaled by the model's decimals; `as_document` writes it all out.

    `standing` is None exactly when the model does not apply to the child.
    """

    model: Model
    evidence: Evidence
    seen: Seen
    standing: Standing | None
    status_reason: Reason | None
    contributions: Contributions = ()
    disagreements: tuple[Disagreement, ...] = ()
    not_understood: tuple[Observation, ...] = ()
    staleness: tuple[Staleness, ...] = ()

    @property
    def as_of(self) -> date:
        return self.seen.as_of

    @property
    def status(self) -> Status:
        return "not_applicable" if self.standing is None else self.standing.status

    @property
    def band(self) -> str | None:
        if self.standing is None or self.standing.band is None:
            return None
        return self.model.bands[self.standing.band].id


def score(model: Model, evidence: Evidence, as_of: date) -> Score:
    plan = plan_of(model)
    seen = look(model.codes, evidence, plan.on(as_of))
    if not applies(model, seen):
        return Score(model, evidence, seen, None, outside(model, seen))
    contributions = weigh_all(plan, seen)
    standing = stand(plan, contributions, seen)
    return Score(
        model=model,
        evidence=evidence,
        seen=seen,
        standing=standing,
        status_reason=why_not_complete(model, standing, contributions),
        contributions=contributions,
        disagreements=disagreements(model, seen),
        not_understood=ordered(seen.not_understood),
        staleness=staleness(model, seen.stale),
    )


def headline(model: Model, evidence: Evidence, as_of: date) -> Headline | None:
    """The total, band and floors of a `score`, without all that is said about them.

    None exactly when the model does not apply to the child.
    """
    plan = plan_of(model)
    seen = look(model.codes, evidence, plan.on(as_of))
    if not applies(model, seen):
        return None
    return headline_with(plan, weigh_all(plan, seen), seen)


def applies(model: Model, seen: Seen) -> bool:
    """Taken as met while the age is unknown."""
    return seen.age is None or model.applies.hold(seen.age)


def outside(model: Model, seen: Seen) -> Reason:
    limits = model.applies
    if seen.age is not None and seen.age < 0:
        return Reason("not_born_yet")
    return Reason("age_outside", {"age": seen.age, "from": limits.from_, "below": limits.below})


def weigh_all(plan: Plan, seen: Seen) -> Contributions:
    return tuple([weigh(seen) for weigh in plan.weighers])


def why_not_complete(
    model: Model, standing: Standing, contributions: Contributions
) -> Reason | None:
    if standing.status == "complete":
        return None
    unknown = [each.indicator.id for each in contributions if each.state == "unknown"]
    required = sorted(set(unknown) & set(model.completeness.required))
    if not unknown:
        return Reason("no_date_of_birth", {})
    known = len(contributions) - len(unknown)
    params = {"known": known, "of": len(contributions), "required_unknown": required}
    return Reason("not_all_known", params)


def disagreements(model: Model, seen: Seen) -> tuple[Disagreement, ...]:
    """Under the codes that are read as a state; events can't disagree: every yes counts."""
    found = []
    for code in sorted(model.state_codes):
        latest = seen.latest(code, None)
        if latest and len({each.answer for each in latest.observations}) > 1:
            found.append(Disagreement(code, latest.day, ordered(latest.observations)))
    return tuple(found)


def staleness(model: Model, stale: frozenset[str]) -> tuple[Staleness, ...]:
    leaning = {
        agency: tuple(line.id for line in model.indicators if agency in line.held_by)
        for agency in sorted(stale)
    }
    return tuple(Staleness(agency, lines) for agency, lines in leaning.items() if lines)
