"""A score in the terminal, for whoever tries a model."""

from collections.abc import Iterator
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from services.scoring.domain.sentences import agency, amount, day, explain, name

Answer = dict[str, Any]


def show(answer: Answer, out: TextIO) -> None:
    """Lines, and a table of reasons. What a model's author wrote is printed as it stands."""
    console = Console(file=out, markup=False, emoji=False, highlight=False)
    for line in before_the_table(answer):
        console.print(line)
    if answer["contributions"]:
        console.print(table(answer))
    for line in after_the_table(answer):
        console.print(line)


def before_the_table(answer: Answer) -> Iterator[str]:
    yield headline(answer)
    if answer["status_reason"]:
        yield sentence(answer["status_reason"])
    for floor in answer["floors"]:
        yield sentence(floor["reason"])
    if answer["band"] != answer["band_from_points"]:
        yield f"By points alone: {band(answer['band_from_points'])}."
    for floor in answer["possible_floors"]:
        yield may_be(floor["reason"]["params"])


def headline(answer: Answer) -> str:
    begin = f"{answer['model']} on {day(answer['as_of'])}"
    if answer["total"] is None:
        return f"{begin}: not applicable"
    low, high = answer["interval"]
    lowest, highest = map(name, answer["band_range"])
    return (
        f"{begin}: {amount(answer['total'])} ({low} to {high}), "
        f"{band(answer['band'])} ({lowest} to {highest}), {answer['status']}"
    )


def band(word: str | None) -> str:
    return "no band" if word is None else f"band {name(word)}"


def may_be(floor: Answer) -> str:
    return f"Not known yet: {floor['reason']} (the band would be at least {name(floor['band'])})."


def table(answer: Answer) -> Table:
    reasons = Table(box=None, pad_edge=False)
    for head in ("indicator", "points", "reason"):
        reasons.add_column(head, overflow="fold")
    for each in answer["contributions"]:
        shown = each["points"] if each["state"] == "known" else each["state"].replace("_", " ")
        reasons.add_row(name(each["indicator"]), shown, sentence(each["reason"]))
    return reasons


def after_the_table(answer: Answer) -> Iterator[str]:
    yield from (taken_away(each) for each in answer["groups"] if each["taken_away"] != "0")
    yield from map(disagreement, answer["disagreements"])
    yield from map(not_understood, answer["not_understood"])
    for each in answer["staleness"]:
        yield f"News from {agency(each['agency'])} has stopped coming."
    ask = [to_ask(each) for each in answer["unknowns"] if each["could_change_band"]]
    if ask:
        yield f"Ask first: {', '.join(dict.fromkeys(ask))}"
    for change in [*answer["forecast"], answer["nearest_change"]]:
        if change:
            yield sentence(change["reason"])


def taken_away(group: Answer) -> str:
    members, counted = amount(group["members"]), group["points"]
    return f"Together, as {name(group['group'])}: {members}, of which {counted} count."


def disagreement(found: Answer) -> str:
    said = [f"“{name(each['answer'])}” ({agency(each['agency'])})" for each in found["answers"]]
    return f"Answers of {day(found['on'])} about {name(found['code'])} differ: {', '.join(said)}."


def not_understood(said: Answer) -> str:
    return (
        f"This model does not know the answer “{said['answer']}” of {day(said['observed_on'])} "
        f"about {name(said['code'])}: it counts as not known."
    )


def to_ask(unknown: Answer) -> str:
    return "date of birth" if unknown["code"] is None else name(unknown["indicator"])


def sentence(reason: Answer) -> str:
    return explain(reason["code"], reason["params"])
