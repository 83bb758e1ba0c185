"""Every date in the next 12 months on which the score changes by itself, if nothing new arrives."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from services.scoring.domain.dates import Duration, age_on, birthday, first_day_reaching
from services.scoring.domain.engine.contribution import Contributions
from services.scoring.domain.engine.day import DAY, Cuts, cuts_on
from services.scoring.domain.engine.plan import Plan
from services.scoring.domain.engine.score import Score, applies, weigh_all
from services.scoring.domain.engine.seen import Seen, age_then, look
from services.scoring.domain.engine.standing import Standing, stand
from services.scoring.domain.engine.suppose import weigh_again
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import Ages, Model

YEAR = Duration(12, "M")


class Change(NamedTuple):
    """From this day on the score stands so; None: the model no longer applies."""

    on: date
    standing: Standing | None


def forecast(score: Score) -> tuple[Change, ...]:
    """In order of date; feeds that are silent now are taken to stay so."""
    model, evidence = score.model, score.evidence
    plan = score.plan
    turning = turning_days(model, evidence, score.as_of)
    moving = frozenset(moves(evidence, score.as_of))
    before, contributions, changes = score.standing, score.contributions, []
    for day in sorted(turning):
        seen = seen_on(day, score, plan, moving)
        if not applies(model, seen):
            after = None
        else:
            turned = weigh_turned(plan, contributions, turning[day], seen)
            settled = (
                before is not None and turned == contributions and not watched(model, turning[day])
            )
            contributions = turned
            after = before if settled else stand(plan, contributions, seen)
        if after is not before and visible(after) != visible(before):
            changes.append(Change(day, after))
        before = after
    return tuple(changes)


def look_again_on(score: Score) -> date:
    """The first day on which the score may come to something else, or speak of another age, if
    nothing new arrives; a year later where nothing does: what lies beyond is looked at then."""
    turning = turning_days(score.model, score.evidence, score.as_of)
    return min(turning, default=first_day_reaching(score.as_of, YEAR))


def visible(standing: Standing | None) -> object:
    """What counts as a change: all but how the points came together."""
    if standing is None:
        return None
    sums, *rest = standing
    return sums.total, sums.low, sums.high, rest


def seen_on(day: date, score: Score, plan: Plan, moving: frozenset[date]) -> Seen:
    """The same evidence on a later day; looked through again only if some of it has moved."""
    if any(ahead <= day for ahead in moving):
        return look(score.model.codes, score.evidence, plan.on(day))
    return score.seen._replace(day=plan.on(day), age=age_then(score.evidence, day))


def moves(evidence: Evidence, as_of: date) -> Iterator[date]:
    """Days from which something is seen anew: evidence dated ahead, and periods that go on."""
    for each in evidence.observations:
        if each.observed_on > as_of:
            yield each.observed_on
        elif each.observed_until is not None and each.observed_until > as_of:
            yield as_of


def weigh_turned(
    plan: Plan, contributions: Contributions, codes: set[str | None], seen: Seen
) -> Contributions:
    """Weighs again what reads the codes that turn; None stands for the age."""
    if not contributions:
        return weigh_all(plan, seen)
    places = {place for code in codes if code for place in plan.model.readers[code]}
    if None in codes:
        places.update(plan.model.age_readers)
    return weigh_again(plan, contributions, places, seen)


def watched(model: Model, codes: set[str | None]) -> bool:
    """Whether a floor looks at such evidence itself, so that it may see what no line does."""
    return None in codes or not model.watched.isdisjoint(codes)


# The days on which something can turn


def turning_days(model: Model, evidence: Evidence, as_of: date) -> dict[date, set[str | None]]:
    """Days to look at, after as_of and up to a year later, with the codes that may turn.

    None stands for the age.
    """
    last = first_day_reaching(as_of, YEAR)
    year = Year(cuts_on(as_of), cuts_on(last))
    found: dict[date, set[str | None]] = {}
    for each in evidence.observations:
        ages = model.ages.get(each.code)
        if ages is not None:
            for day in turns(each, ages, year):
                found.setdefault(day, set()).add(each.code)
    if evidence.date_of_birth is not None:
        for day in birthdays(evidence.date_of_birth, as_of, last):
            found.setdefault(day, set()).add(None)
    return found


class Year(NamedTuple):
    """The year ahead: what is of an age on its first day, which is not looked at, and its last."""

    first: Cuts
    last: Cuts


def turns(observation: Observation, ages: Ages, year: Year) -> Iterator[date]:
    """It begins, it ends, it enters a window by its first day, and leaves by its last."""
    begins = observation.observed_on
    ends = observation.observed_until or begins
    if ends >= year.first.as_of:
        for day in (begins, begins + DAY, ends + DAY):
            if year.first.as_of < day <= year.last.as_of:
                yield day
    for length in ages.starts:
        if year.first[length] < begins <= year.last[length]:
            yield first_day_reaching(begins, length)
    for length in ages.stops:
        if year.first[length] < ends <= year.last[length]:
            yield first_day_reaching(ends, length)


def birthdays(born: date, after: date, last: date) -> Iterator[date]:
    years = age_on(after, born) + 1
    while (day := birthday(born, years)) <= last:
        yield day
        years += 1
