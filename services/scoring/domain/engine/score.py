"""The score of a child as of a date: a pure function of model, evidence and date."""

from dataclasses import dataclass
from datetime import date

from services.scoring.domain.engine.contribution import Contributions
from services.scoring.domain.engine.meanings import LATEST
from services.scoring.domain.engine.plan import Plan, plan_of
from services.scoring.domain.engine.seen import Seen, look
from services.scoring.domain.engine.standing import (
    Headline,
    Standing,
    headline_with,
    stand,
)
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model, Status

ENGINE_VERSION = LATEST
"""The version of meaning. Any change that can alter an answer makes a new one, beside the old."""


@dataclass(frozen=True, slots=True)
class Score:
    """The full answer. Points are scaled by the model's decimals; `as_document` writes it all out.
    What it means is said by `plan.meaning`, its engine version.

    `standing` is None exactly when the model does not apply to the child.
    """

    plan: Plan
    evidence: Evidence
    seen: Seen
    standing: Standing | None
    contributions: Contributions = ()

    @property
    def model(self) -> Model:
        return self.plan.model

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


def score(model: Model, evidence: Evidence, as_of: date, meaning: str = LATEST) -> Score:
    """`meaning` is an engine version: another than the latest computes an old score again."""
    plan = plan_of(model, meaning)
    seen = look(model.codes, evidence, plan.on(as_of))
    if not applies(model, seen):
        return Score(plan, evidence, seen, None)
    contributions = weigh_all(plan, seen)
    return Score(plan, evidence, seen, stand(plan, contributions, seen), contributions)


def headline(
    model: Model, evidence: Evidence, as_of: date, meaning: str = LATEST
) -> Headline | None:
    """The total, band and floors of a `score`, without all that is said about them.

    None exactly when the model does not apply to the child.
    """
    plan = plan_of(model, meaning)
    seen = look(model.codes, evidence, plan.on(as_of))
    if not applies(model, seen):
        return None
    return headline_with(plan, weigh_all(plan, seen), seen)


def applies(model: Model, seen: Seen) -> bool:
    """Taken as met while the age is unknown."""
    return seen.age is None or model.applies.hold(seen.age)


def weigh_all(plan: Plan, seen: Seen) -> Contributions:
    return tuple([weigh(seen) for weigh in plan.weighers])
