"""Evidence to points, one indicator at a time (DESIGN 4, "Which answer counts")."""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import cache, partial
from typing import cast

from services.scoring.domain import amounts
from services.scoring.domain.engine.conditions import in_reach, test_of
from services.scoring.domain.engine.contribution import (
    Contribution,
    Hit,
    Tell,
    Why,
    because,
    known,
    ruled_out,
    unknown,
)
from services.scoring.domain.engine.day import Held
from services.scoring.domain.engine.meanings import FIRST
from services.scoring.domain.engine.seen import Latest, Seen
from services.scoring.domain.evidence import YES, Observation, identity
from services.scoring.domain.model import (
    Age,
    Choice,
    Count,
    Each,
    FlagEvents,
    FlagState,
    Indicator,
    Model,
    Number,
    Range,
    State,
)

Weigh = Callable[[Seen], Contribution]
"""An indicator made ready to be weighed."""


def weigher(place: int, model: Model, meaning: str) -> Weigh:
    """What the line gives, the condition it stands under first."""
    line = model.indicators[place]
    code = line.reads or line.id
    tell = partial(was_not_known if meaning == FIRST else not_known, code)
    weigh = WEIGHERS[type(line.answer)](line, line.answer, code, place, tell)
    if line.when is None:
        return weigh
    opens = test_of(line.when, model, meaning)
    undecided = unknown(line, because("condition_unknown"))
    out = ruled_out(line)

    def weigh_if(seen: Seen) -> Contribution:
        is_open = opens(seen, ())
        if is_open is None:
            return undecided
        return weigh(seen) if is_open else out

    return weigh_if


# Events: every yes counts


def events_weigher(
    line: Indicator, answer: FlagEvents, code: str, place: int, missing: Tell
) -> Weigh:
    silent = silence(line, answer, missing)
    no = known(line, 0, False, partial(said_no, code, place))
    why = partial(happened, code, place)

    @cache
    def given(held: Held) -> Contribution:
        points = sum(answer.windows[each].points for each in held)
        return known(line, points, True, why)

    def weigh(seen: Seen) -> Contribution:
        some = seen.known.get(code)
        if some is None:
            return silent(seen)
        reach = seen.day.reach[place]
        if len(some) == 1:  # as most often, and then quickly
            [only] = some
            held = reach.holds(only)
            if not held:
                return silent(seen)
            return given(held) if only.answer == YES else no
        held = frozenset().union(*map(reach.holds, seen.yeses(code)))
        if held:
            return given(held)
        return no if any(map(reach.holds, seen.noes(code))) else silent(seen)

    return weigh


def happened(code: str, place: int, seen: Seen) -> Why:
    reach = seen.day.reach[place]
    used = seen.known[code]
    if len(used) > 1:
        used = list(filter(reach.holds, seen.yeses(code)))
    last: dict[int, date] = {}
    for each in used:
        day = seen.last_day(each)
        for window in reach.holds(each):
            if window not in last or last[window] < day:
                last[window] = day
    windows = [Hit(reach.spans[window].window, last[window]) for window in sorted(last)]
    return Why("happened", {"windows": windows}, ordered(used))


def count_weigher(line: Indicator, answer: Count, code: str, place: int, missing: Tell) -> Weigh:
    silent = silence(line, answer, missing)
    none = points_of_count(answer, 0)
    no = known(line, none, False, partial(said_no, code, place))
    why = partial(counted, code, answer)
    given = cache(lambda number: known(line, points_of_count(answer, number), True, why))

    def weigh(seen: Seen) -> Contribution:
        number = len(seen.recent(seen.yeses(code), answer.within))
        if number:
            return given(number)
        return no if in_reach(seen.noes(code), place, seen) else silent(seen)

    return weigh


def counted(code: str, answer: Count, seen: Seen) -> Why:
    events = seen.recent(seen.yeses(code), answer.within)
    facts = {"events": len(events), "within": answer.within}
    return Why("counted", facts, ordered(events))


def points_of_count(answer: Count, events: int) -> int:
    if isinstance(answer.weights, Each):
        return min(events * answer.weights.points, answer.weights.at_most)
    return points_in(answer.weights, events)


def silence(line: Indicator, answer: FlagEvents | Count, missing: Tell) -> Weigh:
    """Nothing in reach: not known, or a no where the feed that would tell is fresh."""
    absence = answer.absence
    if absence is None:
        not_told = unknown(line, missing)
        return lambda _: not_told
    facts = {"agency": absence}
    nothing = points_of_count(answer, 0) if isinstance(answer, Count) else 0
    not_reported = known(line, nothing, False, because("nothing_reported", facts))
    silent = unknown(line, because("feed_silent", facts))
    return lambda seen: silent if absence in seen.stale else not_reported


def said_no(code: str, place: int, seen: Seen) -> Why:
    near = seen.known[code]
    if len(near) > 1:
        near = list(filter(seen.day.reach[place].holds, seen.noes(code)))
    return Why("no", {"on": last_of(near, seen)}, ordered(near))


# States: the latest day's answers stand


def state_weigher(line: Indicator, answer: State, code: str, _: int, missing: Tell) -> Weigh:
    not_told = unknown(line, missing)
    why = partial(stands, code, answer)
    given = cache(lambda points, present: known(line, points, present, why))

    def weigh(seen: Seen) -> Contribution:
        latest = seen.latest(code, answer.within)
        if latest is None:
            return not_told
        points, _ = highest(answer, latest)
        if isinstance(answer, FlagState):
            return given(points, any(each.answer == YES for each in latest.observations))
        return given(points, points > 0)

    return weigh


def stands(code: str, answer: State, seen: Seen) -> Why:
    # Only a state that is known is told about so.
    latest = cast("Latest", seen.latest(code, answer.within))
    _, taken = highest(answer, latest)
    facts = {"answer": taken.answer, "on": latest.day}
    return Why("latest", facts, ordered(latest.observations))


def highest(answer: State, latest: Latest) -> tuple[int, Observation]:
    """Of answers that disagree, the one that gives most points."""
    return max(
        ((points_of_state(answer, each.answer), each) for each in latest.observations),
        key=lambda weighed: (weighed[0], weighed[1].answer, identity(weighed[1])),
    )


def points_of_state(answer: State, given: str) -> int:
    if isinstance(answer, FlagState):
        return answer.points if given == YES else 0
    if isinstance(answer, Choice):
        return answer.options[given]
    return points_in(answer.ranges, amounts.parse_number(given))


def points_in(ranges: tuple[Range, ...], value: int) -> int:
    return next(each.points for each in ranges if each.holds(value))


# The child's age


def age_weigher(line: Indicator, answer: Age, *_: object) -> Weigh:
    not_told = unknown(line, because("age_not_known"))
    with_points = cache(lambda points: known(line, points, points > 0, aged))

    def weigh(seen: Seen) -> Contribution:
        return not_told if seen.age is None else with_points(points_in(answer.ranges, seen.age))

    return weigh


def aged(seen: Seen) -> Why:
    return Why("age", {"age": seen.age})


# Not known


def not_known(code: str, seen: Seen) -> Why:
    """Somebody asked and could not say, the last answer is out of reach, or nobody has asked."""
    old, asked = seen.known.get(code), seen.asked.get(code)
    answered_on = last_of(old, seen) if old else None
    if asked:
        asked_on = max(each.observed_on for each in asked)
        if answered_on is None or asked_on > answered_on:
            return Why("asked_not_known", {"on": asked_on}, ordered(asked))
    if answered_on is not None:
        return Why("out_of_reach", {"on": answered_on})
    return Why("not_asked")


def was_not_known(code: str, seen: Seen) -> Why:
    """In version 1 an old answer was told of even where somebody had asked again since."""
    return not_known(code, seen._replace(asked={}) if code in seen.known else seen)


def last_of(some: Sequence[Observation], seen: Seen) -> date:
    return seen.last_day(some[0]) if len(some) == 1 else max(map(seen.last_day, some))


def ordered(observations: Collection[Observation]) -> tuple[Observation, ...]:
    if len(observations) <= 1:
        return tuple(observations)
    return tuple(sorted(set(observations), key=identity))


WEIGHERS: dict[type, Callable[..., Weigh]] = {
    FlagState: state_weigher,
    FlagEvents: events_weigher,
    Count: count_weigher,
    Choice: state_weigher,
    Number: state_weigher,
    Age: age_weigher,
}
