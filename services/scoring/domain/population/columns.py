"""The evidence of many children in columns: a table of rows for each observation code."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

import numpy as np

from services.scoring.domain import amounts
from services.scoring.domain.engine.seen import event_of, understands
from services.scoring.domain.evidence import Evidence, Observation, identity
from services.scoring.domain.model import Model, ReadCode
from services.scoring.domain.population.days import (
    Calendar,
    Flags,
    Ints,
    Places,
    Shorts,
    Wide,
    calendar,
)

NOT_BORN = np.int32(-1)
"""Stands for an unknown date of birth."""
NO_CODE, YES_CODE = 0, 1
"""The places of no and yes among the sorted answers."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The known answers under one code, a row each, in order of child.

    `answer` is the place of the answer among those sorted (of no and yes, or of the options), or a
    number in millionths. `event` numbers the events of all children; `rank` orders by identity.
    """

    child: Ints
    begins: Ints
    ends: Ints
    answer: Wide
    event: Ints
    rank: Ints

    def pick(self, places: Places) -> "Rows":
        return Rows(
            self.child[places],
            self.begins[places],
            self.ends[places],
            self.answer[places],
            self.event[places],
            self.rank[places],
        )

    def of(self, children: Ints, size: int) -> "Rows":
        """The rows of some children, numbered anew in their order."""
        place = np.full(size, -1, np.int32)
        place[children] = np.arange(len(children), dtype=np.int32)
        kept = self.pick(np.flatnonzero(place[self.child] >= 0))
        return replace(kept, child=place[kept.child])


@dataclass(frozen=True, slots=True)
class Spells:
    """At most one row a child, in a place for each child, NEVER where there is none.

    Days are counted from ORIGIN, in half the memory: that is what a population is slow by. Where
    every spell is a day, begins and ends are one and the same column.
    """

    begins: Shorts
    ends: Shorts
    all_begun: int  # the day by which all that ever begin have begun

    def of(self, children: Ints) -> "Spells":
        begins = self.begins[children]
        ends = begins if self.ends is self.begins else self.ends[children]
        return Spells(begins, ends, self.all_begun)


ORIGIN = np.int32(date(2000, 1, 1).toordinal())
NEVER, LAST = np.iinfo(np.int16).min, np.iinfo(np.int16).max
"""A spell ends after NEVER; what ends after LAST, in 2089, is counted as ending then."""


def counted(day: Ints | np.int32) -> Shorts:
    """From ORIGIN. Nothing ends before NEVER, in 1910, so that what lies there is as good as it."""
    return np.asarray(np.clip(day - ORIGIN, NEVER, LAST), np.int16)


def spells(rows: Rows, size: int) -> Spells | None:
    """None if some child has several rows, or one begins before or after all counted days."""
    begins, ends = rows.begins - ORIGIN, rows.ends - ORIGIN
    if len(begins) and (begins.min() <= NEVER or begins.max() >= LAST):
        return None
    if len(begins) and np.bincount(rows.child).max() > 1:
        return None
    first = np.full(size, NEVER, np.int16)
    first[rows.child] = begins
    last = first
    if np.any(begins != ends):
        last = np.full(size, NEVER, np.int16)
        last[rows.child] = np.minimum(ends, LAST)
    return Spells(first, last, int(rows.begins.max(initial=0)))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a code; for yes and no apart too, as spells where they can be."""

    rows: Rows
    said: tuple[Rows, Rows]
    spells: tuple[Spells | None, Spells | None]

    def of(self, children: Ints, size: int) -> "Table":
        no, yes = self.said
        no_spells, yes_spells = self.spells
        return Table(
            self.rows.of(children, size),
            (no.of(children, size), yes.of(children, size)),
            (
                None if no_spells is None else no_spells.of(children),
                None if yes_spells is None else yes_spells.of(children),
            ),
        )


@dataclass(frozen=True, slots=True)
class Population:
    """Children by place, what is known of them by code, and for whom an agency is silent."""

    size: int
    born: Ints
    birth: Calendar
    stale: Mapping[str, Flags]
    tables: Mapping[str, Table]

    def of(self, children: Ints) -> "Population":
        return Population(
            len(children),
            self.born[children],
            Calendar(*(column[children] for column in self.birth)),
            {agency: flags[children] for agency, flags in self.stale.items()},
            {code: table.of(children, self.size) for code, table in self.tables.items()},
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
        birth=calendar(np.maximum(np.array(born, np.int32), 1)),
        stale={
            agency: np.array([agency in child.stale for child in children])
            for agency in sorted(agencies)
        },
        tables={
            code: table(rows(model.codes[code], found), len(children))
            for code, found in by_code.items()
        },
    )


def table(found: Rows, size: int) -> Table:
    no = found.pick(np.flatnonzero(found.answer != YES_CODE))
    yes = found.pick(np.flatnonzero(found.answer == YES_CODE))
    return Table(found, (no, yes), (spells(no, size), spells(yes, size)))


def rows(read: ReadCode, found: list[tuple[int, Observation]]) -> Rows:
    events: dict[object, int] = {}
    ranked = {key: rank for rank, key in enumerate(sorted({identity(each) for _, each in found}))}
    options = sorted(read.options)
    numbers = [
        (
            place,
            each.observed_on.toordinal(),
            (each.observed_until or each.observed_on).toordinal(),
            events.setdefault((place, event_of(each)), len(events)),
            ranked[identity(each)],
        )
        for place, each in found
    ]
    child, begins, ends, event, rank = np.array(numbers, np.int32).reshape(-1, 5).T
    answer = np.array([answer_code(read, options, each.answer) for _, each in found], np.int64)
    return Rows(child, begins, ends, answer, event, rank)


def answer_code(read: ReadCode, options: list[str], answer: str) -> int:
    if read.kind == "number":
        return amounts.parse_number(answer)
    return options.index(answer)
