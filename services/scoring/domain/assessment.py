"""Who would move: many children scored under the weights in force and under a candidate. DESIGN 5.

By the population engine, so that every child can be looked at; the pure engine says the same.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from services.scoring.domain import amounts
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from services.scoring.domain.population.columns import Population, columns
from services.scoring.domain.population.days import Ints
from services.scoring.domain.population.engine import Headlines, headlines, view_on, weigh_all
from services.scoring.domain.population.lines import TRUE, Line
from services.scoring.domain.tally import NOT_KNOWN, Cell, Tally

AGE_BANDS = ((0, "0-9"), (10, "10-13"), (14, "14-16"), (17, "17-19"), (20, "20-21"), (22, "22+"))
"""From which age on, and what the band is called: those of the scrutiny report."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a child for figures of disparity alone: no score ever reads it."""

    sex: str = NOT_KNOWN
    ethnicity: str = NOT_KNOWN
    looked_after: str = NOT_KNOWN


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that differs for a child: an indicator's points, a floor's band, where a band
    begins, or a rule about all. None: it isn't there, is not known, or gives nothing."""

    what: Literal["indicator", "floor", "boundary", "rule"]
    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Mover:
    """A child, by place, who would stand in another band, and what makes it so."""

    place: int
    band_before: str | None
    band_after: str | None
    total_before: str | None
    total_after: str | None
    because: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What came out for some of the children."""

    tally: Tally
    movers: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """Some children under one version."""

    model: Model
    lines: list[Line]
    found: Headlines

    def bands(self) -> list[str | None]:
        """The band of each child; None where the model doesn't apply or the band is withheld."""
        names = [*(band.id for band in self.model.bands), None]
        places = np.where(self.found.applies, self.found.band, -1)
        return [names[place] for place in places.tolist()]

    def total(self, place: int) -> str | None:
        """A child's points, exact."""
        if not self.found.applies[place]:
            return None
        return amounts.write(int(self.found.total[place]), self.model.decimals)


def compare(
    before: Model | None,
    after: Model,
    children: Sequence[Evidence],
    facts: Sequence[Facts],
    as_of: date,
) -> Part:
    """Score children under the version in force (None: there is none) and under a candidate."""
    populations = _columns(before, after, children)
    new = _scored(after, populations[1], as_of)
    new_bands = new.bands()
    old = None if before is None else _scored(before, populations[0], as_of)
    old_bands: Sequence[str | None] = [None] * len(children) if old is None else old.bands()
    ages = view_on(populations[1], as_of, doubts=False).ages
    return Part(
        Tally(
            scored=len(children),
            cells=Counter(
                Cell(dimension, group, old_band, new_band)
                for old_band, new_band, groups in zip(
                    old_bands, new_bands, _groups(populations[1], ages, facts), strict=True
                )
                for dimension, group in groups
            ),
            near=_near(new),
            present=Counter(
                {line.indicator.id: int((line.truth == TRUE).sum()) for line in new.lines}
            ),
        ),
        () if old is None else tuple(_movers(old, new, old_bands, new_bands)),
    )


def _columns(
    before: Model | None, after: Model, children: Sequence[Evidence]
) -> tuple[Population, Population]:
    """The evidence as each version reads it; once, where both read shared codes alike."""
    if before is None:
        population = columns(after, children)
        return population, population
    shared = before.codes.keys() & after.codes.keys()
    read = [
        [(m.codes[code].kind, m.codes[code].options) for code in shared] for m in (before, after)
    ]
    if read[0] != read[1]:
        return columns(before, children), columns(after, children)
    population = columns(replace(after, codes={**before.codes, **after.codes}), children)
    return population, population


def _scored(model: Model, population: Population, as_of: date) -> Scored:
    lines = weigh_all(model, view_on(population, as_of, doubts=False))
    return Scored(model, lines, headlines(model, population, as_of))


def _groups(
    population: Population, ages: Ints, facts: Sequence[Facts]
) -> Iterator[tuple[tuple[str, str], ...]]:
    starts = np.array([start for start, _ in AGE_BANDS])
    places = np.searchsorted(starts, np.maximum(ages, 0), side="right") - 1
    known = (population.born >= 0).tolist()
    for place, is_known, fact in zip(places.tolist(), known, facts, strict=True):
        yield (
            ("all", "all"),
            ("age_band", AGE_BANDS[place][1] if is_known else NOT_KNOWN),
            ("sex", fact.sex),
            ("ethnicity", fact.ethnicity),
            ("looked_after", fact.looked_after),
        )


def _near(scored: Scored) -> Counter[str]:
    """How many stand within one point of where a band begins; the lowest begins nowhere."""
    found: Counter[str] = Counter()
    one = 10**scored.model.decimals
    for start, place in scored.model.band_starts[1:]:
        near = scored.found.applies & (np.abs(scored.found.total - np.int32(start)) <= one)
        found[scored.model.bands[place].id] = int(near.sum())
    return found


def _movers(
    old: Scored, new: Scored, old_bands: Sequence[str | None], new_bands: Sequence[str | None]
) -> Iterator[Mover]:
    renamed = new.model.band_map
    for place, (before, after) in enumerate(zip(old_bands, new_bands, strict=True)):
        if (renamed.get(before, before) if before else before) != after:
            because = (
                *_by_indicators(old, new, place),
                *_by_floors(old, new, place),
                *_by_boundaries(old.model, new.model),
                *_by_rules(old.model, new.model),
            )
            totals = old.total(place), new.total(place)
            yield Mover(place, before, after, *totals, because)


def _by_indicators(old: Scored, new: Scored, place: int) -> Iterator[Moved]:
    """By their points; where too little known withholds a band, also by whether they are known."""
    withheld = any(each.model.completeness.otherwise == "incomplete" for each in (old, new))
    points = [
        {
            line.indicator.id: amounts.write(int(line.points[place]), scored.model.decimals)
            for line in scored.lines
            if not withheld or line.known[place]
        }
        for scored in (old, new)
    ]
    for name in dict.fromkeys((*points[1], *points[0])):
        before, after = (each.get(name) for each in points)
        if before != after and (withheld or (before or "0") != (after or "0")):
            yield Moved("indicator", name, before, after)


def _by_floors(old: Scored, new: Scored, place: int) -> Iterator[Moved]:
    fired = [
        {
            floor.id: floor.band
            for floor, fires in zip(scored.model.floors, scored.found.fired, strict=True)
            if fires[place]
        }
        for scored in (old, new)
    ]
    for name in dict.fromkeys((*fired[1], *fired[0])):
        before, after = (each.get(name) for each in fired)
        if before != after:
            yield Moved("floor", name, before, after)


def _by_boundaries(old: Model, new: Model) -> Iterator[Moved]:
    starts = [
        {
            band.id: amounts.write(band.from_, model.decimals)
            for band in model.bands
            if band.from_ is not None
        }
        for model in (old, new)
    ]
    for name in dict.fromkeys((*starts[1], *starts[0])):
        before, after = (each.get(name) for each in starts)
        if before != after:
            yield Moved("boundary", name, before, after)


def _by_rules(old: Model, new: Model) -> Iterator[Moved]:
    rules = {
        "applies": old.applies != new.applies,
        "groups": dict(old.groups) != dict(new.groups),
        "completeness": old.completeness != new.completeness,
    }
    for name, differs in rules.items():
        if differs:
            yield Moved("rule", name, None, None)
