"""What some child could meet, if only age and certain events are supposed and all else is open.

Parts of a condition exclude each other by age, and by asking that an event has happened and that it
hasn't. Otherwise what meets one takes nothing from another: answers of one day stand together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, product

from services.scoring.domain.conditions import Leaf, leaves
from services.scoring.domain.engine.truth import Truth
from services.scoring.domain.evidence import NO, YES
from services.scoring.domain.language.draft import Draft
from services.scoring.domain.model import (
    Age,
    Choice,
    CodeIs,
    Condition,
    Count,
    FlagEvents,
    Floor,
    Indicator,
    Number,
    Present,
    SinglePointsFrom,
)
from services.scoring.domain.validation.ages import ages_that_matter, points_at, settled

MOST_SUPPOSED = 1000
"""Children. Each indicator of events of which either is supposed doubles them; beyond, of none."""


@dataclass(frozen=True)
class Supposed:
    """A child of an age, and of whom some indicators see an event or none; the others may."""

    lines: Sequence[Indicator]
    readers: Mapping[str, Sequence[str]]
    """By code the indicators that read it."""
    age: int
    happened: Mapping[str, bool]

    def may_meet(self, condition: Condition | None) -> bool:
        return settled(condition, self.age, self._ask) is not False

    def _ask(self, leaf: Leaf) -> Truth:
        """False for what nothing can meet; None for what something may."""
        match leaf:
            case CodeIs(code, answer):
                events = {self.happened.get(name) for name in self.readers.get(code, ())}
                can = not events or None in events or (answer == YES) in events
            case SinglePointsFrom(points):
                can = self._most_of_all >= points
            case Present(indicators, kind):
                named = [line for line in self.lines if line.id in indicators or line.kind == kind]
                unknown = set(indicators).difference(line.id for line in named)
                can = bool(unknown) or any(map(self._may_be_present, named))
            case _:
                return None
        return None if can else False

    def _may_be_present(self, line: Indicator) -> bool:
        """By evidence as young as you like: what is over by now may have gone on until today."""
        if isinstance(line.answer, Choice | Number | Age):
            return self._most(line) > 0
        return self.happened.get(line.id, True) and self.may_meet(line.when)

    @cached_property
    def _most_of_all(self) -> int:
        return max(map(self._most, self.lines), default=0)

    def _most(self, line: Indicator) -> int:
        if not self.may_meet(line.when):
            return 0
        if isinstance(line.answer, FlagEvents) and not self.happened.get(line.id, True):
            return 0
        return points_at(line.answer, self.age) if isinstance(line.answer, Age) else line.most


def supposed(pieces: Draft) -> list[Supposed]:
    """Of each age, with and without each event that a condition wants not to have happened."""
    floors = [floor for floor in pieces.floors if floor]
    ages = ages_that_matter(pieces.applies, pieces.lines, floors)
    lines = pieces.lines if pieces.has_all_lines else ()
    codes = denied(lines, floors)
    events = seen_together(line for line in lines if line.reads in codes)
    if len(ages) * 2 ** len(events) > MOST_SUPPOSED:
        events = []
    readers: dict[str, list[str]] = {}
    for line in lines:
        if line.reads is not None:
            readers.setdefault(line.reads, []).append(line.id)
    return [
        Supposed(lines, readers, age, dict(chain.from_iterable(happened)))
        for age, happened in product(ages, product(*map(either, events)))
    ]


def seen_together(lines: Iterable[Indicator]) -> list[list[str]]:
    """The indicators of events; those of one code and one reach see the same ones."""
    together: dict[object, list[str]] = {}
    for line in lines:
        match line.answer:
            case FlagEvents(windows):
                reach = {(each.from_ if each.from_.amount else None, each.to) for each in windows}
            case Count() as count:
                reach = {(None, count.within)}
            case _:
                continue
        together.setdefault((line.reads, frozenset(reach)), []).append(line.id)
    return list(together.values())


def either(names: Iterable[str]) -> list[list[tuple[str, bool]]]:
    return [[(name, happened) for name in names] for happened in (True, False)]


def denied(lines: Iterable[Indicator], floors: Iterable[Floor]) -> set[str]:
    """The codes to which a condition wants no for an answer."""
    conditions = [*(line.when for line in lines), *(floor.when for floor in floors)]
    asked = [leaf for condition in conditions for _, leaf in leaves(condition)]
    return {leaf.code for leaf in asked if isinstance(leaf, CodeIs) and leaf.answer == NO}
