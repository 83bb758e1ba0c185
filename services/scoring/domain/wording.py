"""Parts of a model's document in the words of a manager, who need not know its keys."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.scoring.domain.sentences import agency, amount, day, name, period

Json = Any


def quoted(text: str) -> str:
    """On one line, in quotes: where it ends must be seen."""
    return f"“{' '.join(text.split())}”"


def option_name(word: str) -> str:
    return quoted(name(word))


def listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


# Points


def window_name(value: Json) -> str:
    return period(value["from"], value.get("to"))


def range_name(value: Json) -> str:
    """Of a range of points, or of the ages that a model is for."""
    from_, below = value.get("from"), value.get("below")
    if from_ is None:
        return "any" if below is None else f"below {below}"
    return f"from {from_}" if below is None else f"from {from_} to below {below}"


def answer(line: Json) -> str:
    """Which answer an indicator takes, and what it gives."""
    if "windows" in line:
        return f"something that happens, {listed(map(window, line['windows']))}"
    if "ranges" in line:
        return f"{ASKED[line['answer']]}, {listed(map(range_, line['ranges']))}"
    if "each" in line:
        return (
            f"{ASKED[line['answer']]}, {amount(line['each'])} each time, at most {line['at_most']}"
        )
    if "options" in line:
        return f"a choice, {listed(map(option, line['options'].items()))}"
    return f"yes or no, {amount(line['points'])} if yes"


ASKED = {"count": "how often something happens", "number": "a number", "age": "the age"}


def window(value: Json) -> str:
    return f"{amount(value['points'])} {window_name(value)}"


def range_(value: Json) -> str:
    return f"{amount(value['points'])} {range_name(value)}"


def option(value: tuple[str, str]) -> str:
    return f"{amount(value[1])} if {option_name(value[0])}"


def within(value: str) -> str:
    return period("P0D", value)


def silence(value: Json) -> str:
    return f"no, while news from {agency(value['while_fresh'])} is fresh"


def reached(from_: str | None) -> str:
    return "only through a floor" if from_ is None else f"from {amount(from_)}"


# Conditions


def condition(value: Json) -> str:
    return next(write(value) for key, write in CONDITIONS.items() if key in value)


def part(value: Json) -> str:
    """In brackets where it has parts of its own: which belongs to which."""
    several = any(len(value.get(key, ())) > 1 for key in ("all", "any", "any_of"))
    return f"({condition(value)})" if several else condition(value)


def present(who: str, value: Json) -> str:
    return f"{who} present" + (f" {within(value['within'])}" if "within" in value else "")


def any_of(value: Json) -> str:
    names = [name(each) for each in value["any_of"]]
    return present(names[0] if len(names) == 1 else f"any of {listed(names)}", value)


CONDITIONS: Mapping[str, Callable[[Json], str]] = {
    "all": lambda value: " and ".join(map(part, value["all"])),
    "any": lambda value: " or ".join(map(part, value["any"])),
    "code": lambda value: f"{name(value['code'])} is {option_name(value['is'])}",
    "age_below": lambda value: f"the age is below {value['age_below']}",
    "any_of": any_of,
    "kind": lambda value: present(f"any {value['kind']}", value),
    "single_points_from": lambda value: (
        f"one indicator alone gives {amount(value['single_points_from'])} or more"
    ),
}


# Golden cases


def born(child: Json) -> str:
    return f"born on {day(child['date_of_birth'])}"


def observation(value: Json) -> str:
    until = f" to {day(value['observed_until'])}" if "observed_until" in value else ""
    incident = f", incident {quoted(value['incident_ref'])}" if "incident_ref" in value else ""
    source = f", from {agency(value['source'])}" if "source" in value else ""
    when = f"{day(value['observed_on'])}{until}"
    return f"{name(value['code'])} {option_name(value['answer'])} ({when}{incident}{source})"


def points_between(pair: Json) -> str:
    return f"{pair[0]} to {pair[1]}"


def bands_between(pair: Json) -> str:
    return f"{name(pair[0])} to {name(pair[1])}"
