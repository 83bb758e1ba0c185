"""The evidence of many children in columns: a table of rows for each observation code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from services.scoring.domain import amounts
from services.scoring.domain.engine.seen import event_of, understands
from services.scoring.domain.evidence import Evidence, Observation, identity
from services.scoring.domain.model import Model, ReadCode
from services.scoring.domain.population.days import Flags, Ints, Wide

NOT_BORN = np.int32(-1)
"""Stands for an unknown date of birth."""
YES_CODE = 1
"""The place of yes among the sorted answers no and yes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The known answers under one code, a row each, in order of child.

    `answer` is 1 or 0 for yes or no, the place of an option among those sorted, or a number in
    millionths. `event` numbers the events of all children; `rank` is the order of identity.
    """

    child: Ints
    begins: Ints
    ends: Ints
    answer: Wide
    event: Ints
    rank: Ints

    def of(self, children: Ints, size: int) -> "Rows":
        """The rows of some children, numbered anew in their order."""
        place = np.full(size, -1, np.int32)
        place[children] = np.arange(len(children), dtype=np.int32)
        kept = place[self.child] >= 0
        return Rows(
            place[self.child[kept]],
            self.begins[kept],
            self.ends[kept],
            self.answer[kept],
            self.event[kept],
            self.rank[kept],
        )


@dataclass(frozen=True, slots=True)
class Population:
    """Children by place, what is known of them by code, and for whom an agency is silent."""

    size: int
    born: Ints
    stale: Mapping[str, Flags]
    rows: Mapping[str, Rows]

    def of(self, children: Ints) -> "Population":
        return Population(
            len(children),
            self.born[children],
            {agency: flags[children] for agency, flags in self.stale.items()},
            {code: rows.of(children, self.size) for code, rows in self.rows.items()},
        )


def chunks(model: Model, children: Iterable[Evidence], size: int) -> Iterator[Population]:
    """So many children at a time, so that a population of any size fits in memory."""
    waiting = iter(children)
    while chunk := list(islice(waiting, size)):
        yield columns(model, chunk)


def columns(model: Model, children: Sequence[Evidence]) -> Population:
    by_code: dict[str, list[tuple[int, Observation]]] = {code: [] for code in model.codes}
    for place, child in enumerate(children):
        for observation in child.observations:
            read = model.codes.get(observation.code)
            if read is not None and understands(read, observation.answer):
                by_code[observation.code].append((place, observation))
    agencies = {agency for child in children for agency in child.stale}
    born = [child.date_of_birth.toordinal() if child.date_of_birth else -1 for child in children]
    return Population(
        size=len(children),
        born=np.array(born, np.int32),
        stale={
            agency: np.array([agency in child.stale for child in children])
            for agency in sorted(agencies)
        },
        rows={code: rows(model.codes[code], found) for code, found in by_code.items()},
    )


def rows(read: ReadCode, found: list[tuple[int, Observation]]) -> Rows:
    events: dict[object, int] = {}
    ranked = {key: rank for rank, key in enumerate(sorted({identity(each) for _, each in found}))}
    options = sorted(read.options)
    table = [
        (
            place,
            each.observed_on.toordinal(),
            (each.observed_until or each.observed_on).toordinal(),
            events.setdefault((place, event_of(each)), len(events)),
            ranked[identity(each)],
        )
        for place, each in found
    ]
    child, begins, ends, event, rank = np.array(table, np.int32).reshape(-1, 5).T
    answer = np.array([answer_code(read, options, each.answer) for _, each in found], np.int64)
    return Rows(child, begins, ends, answer, event, rank)


def answer_code(read: ReadCode, options: list[str], answer: str) -> int:
    if read.kind == "number":
        return amounts.parse_number(answer)
    return options.index(answer)
