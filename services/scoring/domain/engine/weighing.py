"""Evidence to points, one indicator at a time (DESIGN 4, "Which answer counts")."""

from collections.abc import Callable, Iterable
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.engine.conditions import holds, in_reach
from services.scoring.domain.engine.contribution import (
    Contribution,
    Hit,
    Reason,
    known,
    ruled_out,
    unknown,
)
from services.scoring.domain.engine.seen import Dated, Latest, Seen
from services.scoring.domain.evidence import YES, Observation, identity
from services.scoring.domain.model import (
    Age,
    Choice,
    Count,
    Each,
    FlagEvents,
    FlagState,
    Indicator,
    Number,
    Range,
)


def weigh(line: Indicator, seen: Seen) -> Contribution:
    """What the line gives, the condition it stands under first."""
    if line.when is not None:
        gate = holds(line.when, seen, {})
        if gate is None:
            return unknown(line, Reason("condition_unknown"))
        if not gate:
            return ruled_out(line)
    return WEIGH[type(line.answer)](line, line.answer, line.reads or line.id, seen)


# Events: every yes counts


def weigh_events(line: Indicator, answer: FlagEvents, code: str, seen: Seen) -> Contribution:
    if code not in seen.known:
        return silent(line, answer, code, seen)
    events = seen.events(code)
    points, hits, used = 0, [], list[Dated]()
    for window in answer.windows if events else ():
        inside = seen.inside(window, events)
        if inside:
            points += window.points
            hits.append(Hit(window, last_of(inside)))
            used += inside
    if not hits:
        return no_yes(line, answer, code, seen)
    return known(line, points, True, statements(used), Reason("happened", {"windows": hits}))


def weigh_count(line: Indicator, answer: Count, code: str, seen: Seen) -> Contribution:
    if code not in seen.known:
        return silent(line, answer, code, seen)
    events = seen.recent(seen.events(code), answer.within)
    if not events:
        return no_yes(line, answer, code, seen)
    points = points_of_count(answer, len(events))
    reason = Reason("counted", {"events": len(events), "within": answer.within})
    return known(line, points, True, statements(events), reason)


def points_of_count(answer: Count, events: int) -> int:
    if isinstance(answer.weights, Each):
        return min(events * answer.weights.points, answer.weights.at_most)
    return points_in(answer.weights, events)


def points_of_none(answer: FlagEvents | Count) -> int:
    return points_of_count(answer, 0) if isinstance(answer, Count) else 0


def no_yes(line: Indicator, answer: FlagEvents | Count, code: str, seen: Seen) -> Contribution:
    """No yes in reach: a no that someone said, or silence."""
    noes = in_reach(seen.no.get(code, []), answer, seen)
    if not noes:
        return silent(line, answer, code, seen)
    reason = Reason("no", {"on": last_of(noes)})
    return known(line, points_of_none(answer), False, statements(noes), reason)


def silent(line: Indicator, answer: FlagEvents | Count, code: str, seen: Seen) -> Contribution:
    """Nothing said in reach: a no if the feed that would have told is fresh, else not known."""
    if answer.absence is None:
        return not_known(line, code, seen)
    facts = {"agency": answer.absence}
    if answer.absence in seen.stale:
        return unknown(line, Reason("feed_silent", facts))
    return known(line, points_of_none(answer), False, (), Reason("nothing_reported", facts))


# States: the latest day's answers stand


def weigh_state(
    line: Indicator, answer: FlagState | Choice | Number, code: str, seen: Seen
) -> Contribution:
    latest = seen.latest(code, answer.within)
    if latest is None:
        return not_known(line, code, seen)
    points, taken = highest(answer, latest)
    if isinstance(answer, FlagState):
        is_present = any(each.answer == YES for each in latest.observations)
    else:
        is_present = points > 0
    reason = Reason("latest", {"answer": taken.answer, "on": latest.day})
    return known(line, points, is_present, ordered(latest.observations), reason)


def highest(answer: FlagState | Choice | Number, latest: Latest) -> tuple[int, Observation]:
    """Of answers that disagree, the one that gives most points."""
    return max(
        ((points_of_state(answer, each.answer), each) for each in latest.observations),
        key=lambda weighed: (weighed[0], weighed[1].answer, identity(weighed[1])),
    )


def points_of_state(answer: FlagState | Choice | Number, given: str) -> int:
    if isinstance(answer, FlagState):
        return answer.points if given == YES else 0
    if isinstance(answer, Choice):
        return answer.options[given]
    return points_in(answer.ranges, amounts.parse_number(given))


def points_in(ranges: tuple[Range, ...], value: int) -> int:
    return next(each.points for each in ranges if each.holds(value))


# The child's age


def weigh_age(line: Indicator, answer: Age, _: str, seen: Seen) -> Contribution:
    if seen.age is None:
        return unknown(line, Reason("age_not_known"))
    points = points_in(answer.ranges, seen.age)
    return known(line, points, points > 0, (), Reason("age", {"age": seen.age}))


# Not known

NOT_ASKED = Reason("not_asked")


def not_known(line: Indicator, code: str, seen: Seen) -> Contribution:
    """Somebody asked and could not say, the last answer is out of reach, or nobody has asked."""
    old = seen.known.get(code)
    if old:
        return unknown(line, Reason("out_of_reach", {"on": max(map(seen.last_day, old))}))
    asked = seen.asked.get(code)
    if asked:
        reason = Reason("asked_not_known", {"on": max(each.observed_on for each in asked)})
        return unknown(line, reason, ordered(asked))
    return unknown(line, NOT_ASKED)


def last_of(some: list[Dated]) -> date:
    return some[0].day if len(some) == 1 else max(each.day for each in some)


def statements(some: list[Dated]) -> tuple[Observation, ...]:
    if len(some) == 1:
        return (some[0].observation,)
    return ordered([each.observation for each in some])


def ordered(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    found = tuple(observations)
    if len(found) == 1:
        return found
    return tuple(sorted(set(found), key=identity))


WEIGH: dict[type, Callable[..., Contribution]] = {
    FlagState: weigh_state,
    FlagEvents: weigh_events,
    Count: weigh_count,
    Choice: weigh_state,
    Number: weigh_state,
    Age: weigh_age,
}
