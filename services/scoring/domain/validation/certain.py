"""Totals that some child has for certain, whatever conditions and shared codes make impossible.

Each of these children has no answer under a code that several indicators read, one at most under a
code that only opens conditions, and every feed is silent. So all that isn't opened for certain
gives 0, and all else gives what it likes.
"""

from collections import Counter
from collections.abc import Mapping

from services.scoring.domain.attainable import attainable_points, totals
from services.scoring.domain.conditions import Leaf, leaves
from services.scoring.domain.engine.truth import Truth
from services.scoring.domain.model import Age, CodeIs, Indicator, Model
from services.scoring.domain.validation.ages import ages_that_matter, points_at, settled

NOTHING = frozenset({0})


def certain_totals(model: Model) -> set[int]:
    ages = [None, *ages_that_matter(model.applies, model.indicators)]
    return {total for age in ages for total in totals_at(model, age)}


def totals_at(model: Model, age: int | None) -> list[int]:
    """None is an age that nobody knows."""
    told = answers_told(model)
    readers = Counter(line.reads for line in model.indicators if line.least or line.most)

    def ask(leaf: Leaf) -> Truth:
        is_told = isinstance(leaf, CodeIs) and told.get(leaf.code) == leaf.answer
        return True if is_told else None

    def points(line: Indicator) -> frozenset[int]:
        opens = settled(line.when, age, ask)
        if isinstance(line.answer, Age):
            return points_of_age(line.answer, age, opens)
        return attainable_points(line.answer) if opens and readers[line.reads] == 1 else NOTHING

    given = [(line.group, points(line)) for line in model.indicators]
    return totals(given, model.groups.values()) if all(values for _, values in given) else []


def points_of_age(answer: Age, age: int | None, opens: Truth) -> frozenset[int]:
    """An age can't be held back: none for certain, unless it is known whether it counts."""
    if age is None or opens is False:
        return NOTHING
    return frozenset({points_at(answer, age)}) if opens else frozenset()


def answers_told(model: Model) -> Mapping[str, str]:
    """To each code of indicators that give nothing, the first answer that a `when` asks for."""
    giving = {line.reads for line in model.indicators if line.least or line.most or line.when}
    told: dict[str, str] = {}
    for line in model.indicators:
        for _, leaf in leaves(line.when):
            if isinstance(leaf, CodeIs) and leaf.code not in giving:
                told.setdefault(leaf.code, leaf.answer)
    return told
