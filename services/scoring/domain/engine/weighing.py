"""Evidence to points, one indicator at a time (DESIGN 4, "Which answer counts")."""

from collections.abc import Callable, Collection
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.engine.conditions import holds, in_reach
from services.scoring.domain.engine.contribution import (
    Contribution,
    Hit,
    Reason,
    Why,
    known,
    ruled_out,
    unknown,
)
from services.scoring.domain.engine.seen import Latest, Observations, Seen, inside
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
    Window,
)


def weigh(line: Indicator, seen: Seen) -> Contribution:
    """What the line gives, the condition it stands under first."""
    if line.when is not None:
        gate = holds(line.when, seen, {})
        if gate is None:
            return unknown(line, Why, Reason("condition_unknown"))
        if not gate:
            return ruled_out(line)
    return WEIGH[type(line.answer)](line, line.answer, line.reads or line.id, seen)


# Events: every yes counts


def weigh_events(line: Indicator, answer: FlagEvents, code: str, seen: Seen) -> Contribution:
    events = seen.events(code)
    if not events:
        return no_yes(line, answer, code, seen)
    points, hits = 0, []
    for span in seen.spans[line.id]:
        held = inside(span, events)
        if held:
            points += span.window.points
            hits.append((span.window, held))
    if not hits:
        return no_yes(line, answer, code, seen)
    return known(line, points, True, happened, hits, seen)


def happened(hits: list[tuple[Window, Observations]], seen: Seen) -> Why:
    windows = [Hit(window, last_of(held, seen)) for window, held in hits]
    used = hits[0][1] if len(hits) == 1 else [each for _, held in hits for each in held]
    return Why(Reason("happened", {"windows": windows}), ordered(used))


def weigh_count(line: Indicator, answer: Count, code: str, seen: Seen) -> Contribution:
    events = seen.recent(seen.events(code), answer.within)
    if not events:
        return no_yes(line, answer, code, seen)
    return known(line, points_of_count(answer, len(events)), True, counted, answer, events)


def counted(answer: Count, events: Observations) -> Why:
    facts = {"events": len(events), "within": answer.within}
    return Why(Reason("counted", facts), ordered(events))


def points_of_count(answer: Count, events: int) -> int:
    if isinstance(answer.weights, Each):
        return min(events * answer.weights.points, answer.weights.at_most)
    return points_in(answer.weights, events)


def points_of_none(answer: FlagEvents | Count) -> int:
    return points_of_count(answer, 0) if isinstance(answer, Count) else 0


def no_yes(line: Indicator, answer: FlagEvents | Count, code: str, seen: Seen) -> Contribution:
    """No yes in reach: a no that someone said, or silence."""
    noes = seen.noes(code)
    if noes:
        noes = in_reach(noes, line, answer, seen)
    if not noes:
        return silent(line, answer, code, seen)
    return known(line, points_of_none(answer), False, said_no, noes, seen)


def said_no(noes: Observations, seen: Seen) -> Why:
    return Why(Reason("no", {"on": last_of(noes, seen)}), ordered(noes))


def silent(line: Indicator, answer: FlagEvents | Count, code: str, seen: Seen) -> Contribution:
    """Nothing said in reach: a no if the feed that would have told is fresh, else not known."""
    if answer.absence is None:
        return unknown(line, not_known, code, seen)
    facts = {"agency": answer.absence}
    if answer.absence in seen.stale:
        return unknown(line, Why, Reason("feed_silent", facts))
    return known(line, points_of_none(answer), False, Why, Reason("nothing_reported", facts))


# States: the latest day's answers stand


def weigh_state(
    line: Indicator, answer: FlagState | Choice | Number, code: str, seen: Seen
) -> Contribution:
    latest = seen.latest(code, answer.within)
    if latest is None:
        return unknown(line, not_known, code, seen)
    points, taken = highest(answer, latest)
    if isinstance(answer, FlagState):
        is_present = any(each.answer == YES for each in latest.observations)
    else:
        is_present = points > 0
    return known(line, points, is_present, stands, taken.answer, latest)


def stands(answer: str, latest: Latest) -> Why:
    reason = Reason("latest", {"answer": answer, "on": latest.day})
    return Why(reason, ordered(latest.observations))


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
        return unknown(line, Why, Reason("age_not_known"))
    points = points_in(answer.ranges, seen.age)
    return known(line, points, points > 0, Why, Reason("age", {"age": seen.age}))


# Not known

NOT_ASKED = Reason("not_asked")


def not_known(code: str, seen: Seen) -> Why:
    """Somebody asked and could not say, the last answer is out of reach, or nobody has asked."""
    old = seen.known.get(code)
    if old:
        return Why(Reason("out_of_reach", {"on": last_of(old, seen)}))
    asked = seen.asked.get(code)
    if asked:
        reason = Reason("asked_not_known", {"on": max(each.observed_on for each in asked)})
        return Why(reason, ordered(asked))
    return Why(NOT_ASKED)


def last_of(some: Observations, seen: Seen) -> date:
    return seen.last_day(some[0]) if len(some) == 1 else max(map(seen.last_day, some))


def ordered(observations: Collection[Observation]) -> tuple[Observation, ...]:
    if len(observations) == 1:
        return tuple(observations)
    return tuple(sorted(set(observations), key=identity))


WEIGH: dict[type, Callable[..., Contribution]] = {
    FlagState: weigh_state,
    FlagEvents: weigh_events,
    Count: weigh_count,
    Choice: weigh_state,
    Number: weigh_state,
    Age: weigh_age,
}
