"""Evidence to points, one indicator at a time (DESIGN 4, "Which answer counts")."""

from collections.abc import Iterable

from services.scoring.domain import amounts
from services.scoring.domain.engine.conditions import holds, in_reach, reach
from services.scoring.domain.engine.contribution import (
    Contribution,
    Reason,
    known,
    ruled_out,
    unknown,
)
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
    Number,
    Range,
)


def weigh(line: Indicator, seen: Seen, decimals: int) -> Contribution:
    """`decimals` are the model's, for the points in the reason."""
    if line.when is not None:
        gate = holds(line.when, seen, {})
        if gate is None:
            return unknown(line, Reason("condition_unknown", {"title": line.title}))
        if not gate:
            return ruled_out(line, Reason("ruled_out", {"title": line.title}))
    answer = line.answer
    if isinstance(answer, FlagEvents):
        return weigh_events(line, answer, seen, decimals)
    if isinstance(answer, Count):
        return weigh_count(line, answer, seen, decimals)
    if isinstance(answer, Age):
        return weigh_age(line, answer, seen, decimals)
    return weigh_state(line, answer, seen, decimals)


# Events: every yes counts


def weigh_events(line: Indicator, answer: FlagEvents, seen: Seen, decimals: int) -> Contribution:
    events = list(seen.events(code_of(line)))
    points, found, used = 0, [], dict[Observation, None]()
    for window in answer.windows:
        inside = [each for each in events if seen.touches(each, window.from_, window.to)]
        if inside:
            points += window.points
            found.append(
                {
                    "from": str(window.from_),
                    "to": None if window.to is None else str(window.to),
                    "last_on": max(map(seen.last_day, inside)).isoformat(),
                    "points": amounts.write(window.points, decimals),
                }
            )
            used |= dict.fromkeys(inside)
    if not found:
        return no_event(line, answer, seen)
    params = {"title": line.title, "windows": found, "points": amounts.write(points, decimals)}
    return known(line, points, Reason("happened", params), present=True, used=ordered(used))


def weigh_count(line: Indicator, answer: Count, seen: Seen, decimals: int) -> Contribution:
    events = [each for each in seen.events(code_of(line)) if seen.is_within(each, answer.within)]
    if not events:
        return no_event(line, answer, seen)
    points = points_of_count(answer, len(events))
    params = {
        "title": line.title,
        "events": len(events),
        "within": None if answer.within is None else str(answer.within),
        "points": amounts.write(points, decimals),
    }
    return known(line, points, Reason("counted", params), present=True, used=ordered(events))


def points_of_count(answer: Count, events: int) -> int:
    if isinstance(answer.weights, Each):
        return min(events * answer.weights.points, answer.weights.at_most)
    return points_in(answer.weights, events)


def no_event(line: Indicator, answer: FlagEvents | Count, seen: Seen) -> Contribution:
    """No yes in reach: a no that someone said, a silence that means no, or not known."""
    points = points_of_count(answer, 0) if isinstance(answer, Count) else 0
    code = code_of(line)
    noes = [each for each in seen.noes(code) if in_reach(each, reach(answer), seen)]
    if noes:
        params = {"title": line.title, "on": max(map(seen.last_day, noes)).isoformat()}
        return known(line, points, Reason("no", params), present=False, used=ordered(noes))
    if answer.absence is None:
        return not_known(line, seen)
    params = {"title": line.title, "agency": answer.absence}
    if answer.absence in seen.stale:
        return unknown(line, Reason("feed_silent", params))
    return known(line, points, Reason("nothing_reported", params), present=False)


# States: the latest day's answers stand


def weigh_state(
    line: Indicator, answer: FlagState | Choice | Number, seen: Seen, decimals: int
) -> Contribution:
    latest = seen.latest(code_of(line), answer.within)
    if latest is None:
        return not_known(line, seen)
    points, taken = highest(answer, latest)
    if isinstance(answer, FlagState):
        is_present = any(each.answer == YES for each in latest.observations)
    else:
        is_present = points > 0
    params = {
        "title": line.title,
        "answer": taken.answer,
        "on": latest.day.isoformat(),
        "points": amounts.write(points, decimals),
    }
    reason = Reason("latest", params)
    return known(line, points, reason, present=is_present, used=ordered(latest.observations))


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


def weigh_age(line: Indicator, answer: Age, seen: Seen, decimals: int) -> Contribution:
    if seen.age is None:
        return unknown(line, Reason("age_not_known", {"title": line.title}))
    points = points_in(answer.ranges, seen.age)
    params = {
        "title": line.title,
        "age": seen.age,
        "points": amounts.write(points, decimals),
    }
    return known(line, points, Reason("age", params), present=points > 0)


# Not known


def not_known(line: Indicator, seen: Seen) -> Contribution:
    """Somebody asked and could not say, the last answer is too old, or nobody has asked."""
    code = code_of(line)
    old = seen.known.get(code)
    if old:
        on = max(map(seen.last_day, old))
        return unknown(line, Reason("too_old", {"title": line.title, "on": on.isoformat()}))
    asked = seen.asked.get(code)
    if asked:
        on = max(each.observed_on for each in asked)
        params = {"title": line.title, "on": on.isoformat()}
        return unknown(line, Reason("asked_not_known", params), ordered(asked))
    return unknown(line, Reason("not_asked", {"title": line.title, "held_by": list(line.held_by)}))


def code_of(line: Indicator) -> str:
    assert line.reads is not None  # noqa: S101 - only an age reads no code
    return line.reads


def ordered(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    return tuple(sorted(observations, key=identity))
