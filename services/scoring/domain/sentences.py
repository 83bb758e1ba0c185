"""Reasons as sentences, made on reading, in words the child could read about themselves.

They say what was seen or told and what the model makes of it; never what a child did wrong.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from services.scoring.domain.dates import parse_duration

Params = Mapping[str, Any]


def explain(reason_code: str, params: Params) -> str:
    """The sentence for a reason of the answer. Raises `KeyError` for a code no engine ever made."""
    return SENTENCES[reason_code](params)


def happened(params: Params) -> str:
    seen = "; ".join(window(each) for each in params["windows"])
    return f"{params['title']}: {seen}. {points(params)} together."


def window(params: Params) -> str:
    when = period(params["from"], params["to"])
    return f"{when}, last on {day(params['last_on'])}, gives {points(params)}"


def counted(params: Params) -> str:
    times = "once" if params["events"] == 1 else f"{params['events']} times"
    when = period("P0D", params["within"])
    return f"{params['title']}: {times} {when}. {points(params)}."


def latest(params: Params) -> str:
    answer = params["answer"].replace("_", " ")
    return f"{params['title']}: the answer on {day(params['on'])} was “{answer}”. {points(params)}."


def said_no(params: Params) -> str:
    return f"{params['title']}: someone checked, and on {day(params['on'])} the answer was no."


def nothing_reported(params: Params) -> str:
    agency = name(params["agency"])
    return f"{params['title']}: {agency} would have told us, and has told us of nothing."


def feed_silent(params: Params) -> str:
    agency = name(params["agency"])
    return f"{params['title']}: we don't know, because news from {agency} has stopped coming."


def not_asked(params: Params) -> str:
    who = " or ".join(name(agency) for agency in params["held_by"])
    return f"{params['title']}: nobody has told us yet. We could ask {who}."


def not_all_known(params: Params) -> str:
    return f"We know {params['known']} of {params['of']} things, so this may still change."


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
    "withheld": lambda params: (
        f"{params['title']}: something is known that you may not read; it counts."
    ),
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
    "floor": lambda params: f"{params['reason']}: the band is at least {name(params['band'])}.",
    "not_all_known": not_all_known,
    "no_date_of_birth": lambda _: "We don't know the date of birth, so this may still change.",
    "age_outside": age_outside,
    "band_falls": lambda params: f"Falls to {name(params['band'])} {unless(params)}.",
    "band_rises": lambda params: f"Rises to {name(params['band'])} {unless(params)}.",
    "band_stays": lambda params: f"The points change {unless(params)}; the band stays.",
    "starts_applying": lambda params: f"On {day(params['on'])} the age is one that this is for.",
    "stops_applying": lambda params: f"On {day(params['on'])} the age is past what this is for.",
    "nearest_change": lambda params: (
        f"If we heard “{name(params['answer'])}” about {name(params['code'])}, "
        f"the band would be {name(params['band'])}."
    ),
}


def unless(params: Params) -> str:
    return f"on {day(params['on'])} if nothing new arrives"


def points(params: Params) -> str:
    return "1 point" if params["points"] == "1" else f"{params['points']} points"


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
