"""Reasons as sentences, made on reading, in words the child could read about themselves.

They say what was seen or told and what the model makes of it; never what a child did wrong.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.scoring.domain.dates import parse_duration
from services.scoring.domain.evidence import NO

Params = Mapping[str, Any]


def explain(reason_code: str, params: Params) -> str:
    """The sentence for a reason of the answer, or for `withheld`, which stands in for one that the
    reader may not see. Raises `KeyError` for any other code.
    """
    return SENTENCES[reason_code](params)


def happened(params: Params) -> str:
    if len(params["windows"]) == 1:
        [only] = params["windows"]
        return f"{params['title']}: {when(only)}. {points(params)}."
    seen = "; ".join(f"{when(each)}, gives {points(each)}" for each in params["windows"])
    return f"{params['title']}: {seen}. {points(params)} together."


def when(window: Params) -> str:
    return f"{period(window['from'], window['to'])}, last on {day(window['last_on'])}"


def counted(params: Params) -> str:
    times = "once" if params["events"] == 1 else f"{params['events']} times"
    ages = period("P0D", params["within"])
    return f"{params['title']}: {times} {ages}. {points(params)}."


def latest(params: Params) -> str:
    answer = params["answer"].replace("_", " ")
    if answer == NO:
        return f"{said_no(params)} {points(params)}."
    return f"{params['title']}: the answer on {day(params['on'])} was “{answer}”. {points(params)}."


def said_no(params: Params) -> str:
    """The title as a question of its own: what it says must not be read as so."""
    return f"The question was: “{params['title']}”? The answer on {day(params['on'])} was no."


def nothing_reported(params: Params) -> str:
    who = agency(params["agency"])
    return f"{params['title']}: {who} would have told us, and told us of nothing."


def feed_silent(params: Params) -> str:
    who = agency(params["agency"])
    return f"{params['title']}: we don't know, because news from {who} has stopped coming."


def not_asked(params: Params) -> str:
    who = either([agency(each) for each in params["held_by"]])
    return f"{params['title']}: nobody has told us yet. We could ask {who}."


def either(words: list[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def agency(word: str) -> str:
    return "the police" if word == "police" else name(word)


def not_all_known(params: Params) -> str:
    said = f"We know {params['known']} of {params['of']} things, so this may still change."
    needed = ", ".join(map(name, params["required_unknown"]))
    return f"{said} What must be known and is not: {needed}." if needed else said


def age_outside(params: Params) -> str:
    limits = [
        f"from {params['from']}" if params["from"] is not None else "",
        f"below {params['below']}" if params["below"] is not None else "",
    ]
    ages = " and ".join(limit for limit in limits if limit)
    return f"This is for ages {ages}; the age here is {params['age']}."


SENTENCES: Mapping[str, Callable[[Params], str]] = {
    "happened": happened,
    "counted": counted,
    "latest": latest,
    "no": said_no,
    "nothing_reported": nothing_reported,
    "feed_silent": feed_silent,
    "not_asked": not_asked,
    "asked_not_known": lambda params: (
        f"{params['title']}: someone asked on {day(params['on'])}, and it is still not known."
    ),
    "out_of_reach": lambda params: (
        f"{params['title']}: the last answer, of {day(params['on'])}, is outside what counts."
    ),
    "age": lambda params: f"{params['title']}: the age is {params['age']}. {points(params)}.",
    "age_not_known": lambda params: f"{params['title']}: we don't know the date of birth.",
    "ruled_out": lambda params: f"{params['title']}: this question does not apply here.",
    "condition_unknown": lambda params: (
        f"{params['title']}: we don't know yet whether this question applies."
    ),
    "withheld": lambda params: (
        f"{params['title']}: something is known that you may not read; it counts."
    ),
    "floor": lambda params: f"{params['reason']}: the band is at least {name(params['band'])}.",
    "not_all_known": not_all_known,
    "no_date_of_birth": lambda _: "We don't know the date of birth, so this may still change.",
    "age_outside": age_outside,
    "not_born_yet": lambda _: "On this day the child was not yet born.",
    "band_falls": lambda params: f"{moves('Falls', params)} {unless(params)}.",
    "band_rises": lambda params: f"{moves('Rises', params)} {unless(params)}.",
    "band_stays": lambda params: f"The points change {unless(params)}; the band stays.",
    "starts_applying": lambda params: f"On {day(params['on'])} the age is one that this is for.",
    "stops_applying": lambda params: f"On {day(params['on'])} the age is past what this is for.",
    "nearest_change": lambda params: (
        f"If we heard “{name(params['answer'])}” about {name(params['code'])}, {would_be(params)}."
    ),
}


def moves(how: str, params: Params) -> str:
    return "There is no band" if params["band"] is None else f"{how} to {name(params['band'])}"


def would_be(params: Params) -> str:
    if params["band"] is None:
        return "there would be no band"
    return f"the band would be {name(params['band'])}"


def unless(params: Params) -> str:
    return f"on {day(params['on'])} if nothing new arrives"


def points(params: Params) -> str:
    return amount(params["points"])


def amount(points: str) -> str:
    return f"{points} point" if points in {"1", "-1"} else f"{points} points"


def day(text: str) -> str:
    value = date.fromisoformat(text)
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def period(from_: str, to: str | None) -> str:
    if to is None:
        return (
            "at any time" if parse_duration(from_).amount == 0 else f"{length(from_)} ago or more"
        )
    if parse_duration(from_).amount == 0:
        return f"in the last {length(to)}"
    return f"between {length(from_)} and {length(to)} ago"


def length(text: str) -> str:
    duration = parse_duration(text)
    unit = {"D": "day", "M": "month"}[duration.unit]
    return f"{duration.amount} {unit}" + ("" if duration.amount == 1 else "s")


def name(word: str | None) -> str:
    return "no band" if word is None else word.replace("_", " ")


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
