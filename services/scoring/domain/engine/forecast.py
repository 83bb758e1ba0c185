"""Every date in the next 12 months on which the score changes by itself, if nothing new arrives."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from services.scoring.domain.conditions import leaves
from services.scoring.domain.dates import Duration, age_on, birthday, first_day_reaching
from services.scoring.domain.engine.score import Score, applies, weigh_all
from services.scoring.domain.engine.seen import Seen, look
from services.scoring.domain.engine.standing import Contributions, Standing, stand
from services.scoring.domain.engine.suppose import weigh_again
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import (
    Age,
    Choice,
    Count,
    FlagEvents,
    FlagState,
    Indicator,
    Model,
    Number,
    Present,
)

YEAR = Duration(12, "M")
DAY = timedelta(days=1)


class Change(NamedTuple):
    """From this day on the score stands so; None: the model no longer applies."""

    on: date
    standing: Standing | None


def forecast(score: Score) -> tuple[Change, ...]:
    """In order of date; feeds that are silent now are taken to stay so."""
    model, evidence = score.model, score.evidence
    turning = turning_days(model, evidence, score.as_of)
    before, contributions, changes = score.standing, score.contributions, []
    for day in sorted(turning):
        seen = seen_on(day, score)
        if not applies(model, seen):
            after = None
        else:
            contributions = weigh_turned(model, contributions, turning[day], seen)
            after = stand(model, contributions, seen)
        if visible(after) != visible(before):
            changes.append(Change(day, after))
        before = after
    return tuple(changes)


def visible(standing: Standing | None) -> object:
    """What counts as a change: all but how the points came together."""
    if standing is None:
        return None
    sums = standing.sums
    return standing._replace(sums=sums._replace(groups=()))


def seen_on(day: date, score: Score) -> Seen:
    """The same evidence on a later day; looked through again only if some of it lies ahead."""
    evidence = score.evidence
    if any(score.as_of < each.observed_on <= day for each in evidence.observations):
        return look(score.model, evidence, day)
    birth = evidence.date_of_birth
    age = None if birth is None else age_on(day, birth)
    return replace(score.seen, as_of=day, age=age)


def weigh_turned(
    model: Model, contributions: Contributions, codes: set[str | None], seen: Seen
) -> Contributions:
    """Weighs again what reads the codes that turn; None stands for the age."""
    if not contributions:
        return weigh_all(model, seen)
    places = {place for code in codes if code for place in model.readers[code]}
    if None in codes:
        places.update(model.age_readers)
    return weigh_again(model, contributions, places, seen)


# The days on which something can turn


def turning_days(model: Model, evidence: Evidence, as_of: date) -> dict[date, set[str | None]]:
    """Days to look at, after as_of and up to a year later, with the codes that may turn."""
    last = first_day_reaching(as_of, YEAR)
    ages = ages_of_evidence(model)
    found: dict[date, set[str | None]] = {}
    for each in evidence.observations:
        if each.code in ages:
            for day in turns(each, *ages[each.code]):
                if as_of < day <= last:
                    found.setdefault(day, set()).add(each.code)
    if evidence.date_of_birth is not None:
        for years in range(age_on(as_of, evidence.date_of_birth) + 1, 1000):
            day = birthday(evidence.date_of_birth, years)
            if day > last:
                break
            found.setdefault(day, set()).add(None)
    return found


def turns(
    observation: Observation, youngest: Iterable[Duration], oldest: Iterable[Duration]
) -> Iterator[date]:
    """It begins, it ends, it enters a window by its first day, and leaves by its last."""
    begins = observation.observed_on
    ends = observation.observed_until or begins
    yield begins
    yield begins + DAY
    yield ends + DAY
    for length in youngest:
        yield first_day_reaching(begins, length)
    for length in oldest:
        yield first_day_reaching(ends, length)


Ages = dict[str, tuple[set[Duration], set[Duration]]]


def ages_of_evidence(model: Model) -> Ages:
    """For each code the ages at which its evidence starts to count, and stops to."""
    ages: Ages = {code: (set(), set()) for code in model.codes}
    for line in model.indicators:
        if line.reads is not None:
            youngest, oldest = ages[line.reads]
            youngest.update(starts(line))
            oldest.update(stops(line, model))
    return ages


def starts(line: Indicator) -> Iterator[Duration]:
    if isinstance(line.answer, FlagEvents):
        yield from (window.from_ for window in line.answer.windows)


def stops(line: Indicator, model: Model) -> Iterator[Duration]:
    """By its own windows, and by a `within` of any floor, which may name it."""
    match line.answer:
        case FlagEvents(windows):
            yield from (window.to for window in windows if window.to is not None)
        case Count() | FlagState() | Choice() | Number() as answer:
            if answer.within is not None:
                yield answer.within
        case Age():
            return
    for floor in model.floors:
        for _, leaf in leaves(floor.when):
            if isinstance(leaf, Present) and leaf.within is not None:
                yield leaf.within
