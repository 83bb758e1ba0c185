"""Every date in the next 12 months on which the score changes by itself, if nothing new arrives."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from services.scoring.domain.dates import Duration, age_on, birthday, first_day_reaching
from services.scoring.domain.engine.score import Score, applies, weigh_all
from services.scoring.domain.engine.seen import Seen, age_then, cuts_on, look, spans_on
from services.scoring.domain.engine.standing import Contributions, Standing, stand
from services.scoring.domain.engine.suppose import weigh_again
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.model import Ages, Model

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
    moving = frozenset(moves(evidence, score.as_of))
    before, contributions, changes = score.standing, score.contributions, []
    for day in sorted(turning):
        seen = seen_on(day, score, moving)
        if not applies(model, seen):
            after = None
        else:
            turned = weigh_turned(model, contributions, turning[day], seen)
            settled = before is not None and stands_still(
                model, contributions, turned, turning[day]
            )
            contributions = turned
            after = before if settled else stand(model, contributions, seen)
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


def seen_on(day: date, score: Score, moving: frozenset[date]) -> Seen:
    """The same evidence on a later day; looked through again only if some of it has moved."""
    if any(ahead <= day for ahead in moving):
        return look(score.model, score.evidence, day)
    return score.seen._replace(
        as_of=day,
        age=age_then(score.evidence, day),
        cuts=cuts_on(day),
        spans=spans_on(score.model, day),
    )


def moves(evidence: Evidence, as_of: date) -> Iterator[date]:
    """Days from which something is seen anew: evidence dated ahead, and periods that go on."""
    for each in evidence.observations:
        if each.observed_on > as_of:
            yield each.observed_on
        elif each.observed_until is not None and each.observed_until > as_of:
            yield as_of


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


def stands_still(
    model: Model, before: Contributions, after: Contributions, codes: set[str | None]
) -> bool:
    """Whether no line and no floor can see a difference."""
    seen_by_floors = None in codes or not model.watched.isdisjoint(codes)
    return not seen_by_floors and all(
        then is now or then.outcome == now.outcome for now, then in zip(before, after, strict=True)
    )


# The days on which something can turn


def turning_days(model: Model, evidence: Evidence, as_of: date) -> dict[date, set[str | None]]:
    """Days to look at, after as_of and up to a year later, with the codes that may turn.

    None stands for the age.
    """
    last = first_day_reaching(as_of, YEAR)
    found: dict[date, set[str | None]] = {}
    for each in evidence.observations:
        ages = model.ages.get(each.code)
        if ages is not None:
            for day in turns(each, ages):
                if as_of < day <= last:
                    found.setdefault(day, set()).add(each.code)
    if evidence.date_of_birth is not None:
        for day in birthdays(evidence.date_of_birth, as_of, last):
            found.setdefault(day, set()).add(None)
    return found


def turns(observation: Observation, ages: Ages) -> Iterator[date]:
    """It begins, it ends, it enters a window by its first day, and leaves by its last."""
    begins = observation.observed_on
    ends = observation.observed_until or begins
    yield begins
    yield begins + DAY
    yield ends + DAY
    for length in ages.starts:
        yield first_day_reaching(begins, length)
    for length in ages.stops:
        yield first_day_reaching(ends, length)


def birthdays(born: date, after: date, last: date) -> Iterator[date]:
    years = age_on(after, born) + 1
    while (day := birthday(born, years)) <= last:
        yield day
        years += 1
