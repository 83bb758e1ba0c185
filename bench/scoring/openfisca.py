"""The same weights in OpenFisca: a variable an answer, formulas for points, total and band."""

from collections.abc import Callable
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.scoring import weights as w
from bench.scoring.ours import Answers, Columns, listed
from bench.scoring.weights import Child

PERSON = build_entity(key="person", plural="persons", label="A child", is_person=True)
PERIOD = "2026-06-01"
SIGNS = [name for name in w.NAMES if name.startswith("sign")]
PAST = [name for name in w.NAMES if not name.startswith("sign")]


def variable(name: str, formula: Callable[..., Any] | None = None) -> type[Variable]:
    parts: dict[str, Any] = {
        "value_type": int,
        "entity": PERSON,
        "definition_period": DateUnit.DAY,
        "label": name,
    }
    return type(name, (Variable,), parts | ({"formula": formula} if formula else {}))


def points(name: str) -> Callable[..., Any]:
    def formula(person: Any, period: Any) -> Any:  # noqa: ANN401 - OpenFisca's own types
        days = person(name, period)
        if name in SIGNS:
            return np.where(days < w.RECENT, 5, np.where(days < w.OLDER, 1, 0))
        return np.where(days < w.NEVER, 1, 0)

    return formula


def total(person: Any, period: Any) -> Any:  # noqa: ANN401 - OpenFisca's own types
    signs = sum(person(f"{name}_points", period) for name in SIGNS)
    past = sum(person(f"{name}_points", period) for name in PAST)
    return np.minimum(signs, w.SIGN_CAP) + np.minimum(past, w.VULNERABILITY_CAP)


def band(person: Any, period: Any) -> Any:  # noqa: ANN401 - OpenFisca's own types
    points = person("total", period)
    single = sum(person(name, period) < w.RECENT for name in SIGNS) > 0
    young = (person("age", period) < 13) & (person("sign_0", period) < w.OLDER)
    lifted = np.where(single | young, 1, 0)
    return np.maximum(lifted, np.where(points >= w.HIGH, 2, np.where(points >= w.MEDIUM, 1, 0)))


def system() -> TaxBenefitSystem:
    found = TaxBenefitSystem([PERSON])
    for name in w.NAMES:
        found.add_variable(variable(name))
        found.add_variable(variable(f"{name}_points", points(name)))
    for name, formula in (("age", None), ("total", total), ("band", band)):
        found.add_variable(variable(name, formula))
    return found


SYSTEM = system()


def simulate(some: list[Child], inputs: dict[str, Any]) -> Columns:
    simulation = SimulationBuilder().build_default_simulation(SYSTEM, count=len(some))
    for name, column in inputs.items():
        simulation.set_input(name, PERIOD, column)
    return simulation.calculate("total", PERIOD), simulation.calculate("band", PERIOD)


def inputs_of(some: list[Child]) -> dict[str, Any]:
    columns = {name: np.array([child.days[name] for child in some]) for name in w.NAMES}
    return columns | {"age": np.array([child.age for child in some])}


def in_bulk(some: list[Child]) -> Callable[[], Columns]:
    inputs = inputs_of(some)
    return lambda: simulate(some, inputs)


def one_by_one(some: list[Child]) -> Callable[[], Answers]:
    inputs = [inputs_of([child]) for child in some]
    return lambda: [listed(simulate([c], i))[0] for c, i in zip(some, inputs, strict=True)]
