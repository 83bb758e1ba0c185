"""For each child of a population the next day on which the score changes by itself."""

from datetime import date

import numpy as np

from services.scoring.domain.dates import Duration
from services.scoring.domain.model import Model
from services.scoring.domain.population.columns import Population
from services.scoring.domain.population.days import (
    Calendar,
    Flags,
    Ints,
    ages,
    birthdays,
    first_day_reaching,
)
from services.scoring.domain.population.engine import NOT_APPLICABLE, Outcome, score_population

YEAR = Duration(12, "M")
NEVER = np.int32(-1)
"""Nothing changes within a year."""


def next_changes(model: Model, population: Population, as_of: date) -> Ints:
    """The first date of `engine.forecast`, as an ordinal, or -1.

    Each child is scored on its own next turning day, then those that did not change on theirs.
    """
    today = np.full(population.size, as_of.toordinal(), np.int32)
    now = score_population(model, population, as_of)
    child, day = turning_days(model, population, today)
    starts = np.searchsorted(child, np.arange(population.size))
    ends = np.searchsorted(child, np.arange(population.size), side="right")
    found = np.full(population.size, NEVER)
    open_children = np.flatnonzero(starts < ends).astype(np.int32)
    turn = 0
    while len(open_children):
        days = day[starts[open_children] + turn]
        then = score_population(model, population.of(open_children), days)
        changed = differs(now, then, open_children)
        found[open_children[changed]] = days[changed]
        turn += 1
        more = starts[open_children] + turn < ends[open_children]
        open_children = open_children[~changed & more]
    return found


def differs(now: Outcome, then: Outcome, children: Ints) -> Flags:
    before = now.status[children]
    applies = (before != NOT_APPLICABLE) & (then.status != NOT_APPLICABLE)
    moved = np.zeros(len(children), np.bool_)
    for name in ("total", "low", "high", "band", "band_low", "band_high"):
        moved |= getattr(now, name)[children] != getattr(then, name)
    moved |= (now.fired[:, children] != then.fired).any(axis=0)
    moved |= (now.possible[:, children] != then.possible).any(axis=0)
    found: Flags = (before != then.status) | (applies & moved)
    return found


def turning_days(model: Model, population: Population, today: Ints) -> tuple[Ints, Ints]:
    """(child, day) of every day to look at, in order, after today and up to a year later."""
    found = [birthdays_ahead(population, today)]
    for code, table in population.tables.items():
        length, rows = model.ages[code], table.rows
        days = [rows.begins, rows.begins + 1, rows.ends + 1]
        days += [first_day_reaching(rows.begins, start) for start in length.starts]
        days += [first_day_reaching(rows.ends, stop) for stop in length.stops]
        found += [(rows.child, each) for each in days]
    child = np.concatenate([pair[0] for pair in found])
    day = np.concatenate([pair[1] for pair in found])
    last = first_day_reaching(today, YEAR)
    ahead = (day > today[child]) & (day <= last[child])
    pairs = np.unique(np.stack([child[ahead], day[ahead]]), axis=1)
    return pairs[0].astype(np.int32), pairs[1].astype(np.int32)


def birthdays_ahead(population: Population, today: Ints) -> tuple[Ints, Ints]:
    """The next one of each child, and the one after, which may fall within the year too."""
    child = np.flatnonzero(population.born >= 0).astype(np.int32)
    birth = Calendar(*(column[child] for column in population.birth))
    years = ages(today[child], birth)
    days = [birthdays(birth, (years + more).astype(np.int32)) for more in (1, 2)]
    return np.tile(child, 2), np.concatenate(days)
