"""Text to YAML events. What is no YAML is refused where a person has to write, with what to write.

The parser names the place where it could not go on; a bracket or quote left open stands before it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark
from ruamel.yaml.events import (
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from services.scoring.domain.problems import ModelRefused, Problem

MAX_DEPTH = 24


@dataclass(frozen=True, slots=True)
class Place:
    """Line and column, from 1."""

    line: int
    column: int


Refuse = Callable[[Place, str, str], None]


def readable(text: str, file: str, refuse: Refuse) -> str:
    """The text with one kind of line end and no directives; everything stays where it is."""
    text = re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff"))
    if hidden := NO_TEXT.search(text):
        message = f"remove the character U+{ord(hidden[0]):04X}, which can't be seen"
        raise unreadable(file, place_in(text, hidden.start()), message)
    for directive in DIRECTIVE.finditer(text):
        message = "no line begins with %: remove a directive, indent a text"
        refuse(place_in(text, directive.start()), "directive", message)
    return DIRECTIVE.sub("#", text)


NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML does not allow, and what ends a line in some editors but not in YAML."""
DIRECTIVE = re.compile("^%.*", re.MULTILINE)


def place_in(text: str, index: int) -> Place:
    return Place(text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def place_of(mark: StreamMark) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def unreadable(file: str, place: Place, message: str) -> ModelRefused:
    return ModelRefused([Problem(file, place.line, place.column, "", "syntax", message)])


def events_of(text: str, file: str) -> Sequence[Event]:
    """The events of a readable text. Syntax that can't be read at all raises `ModelRefused`."""
    events: list[Event] = []
    try:
        for event in within_depth(YAML(typ="safe", pure=True).parse(text), file):
            events.append(event)  # noqa: PERF402 - what came before a fault tells which it is
    except MarkedYAMLError as error:
        raise unreadable(file, *advice(error, text, events)) from error
    except (ValueError, OverflowError) as error:
        escape = TOO_HIGH.search(text, events[-1].end_mark.index)
        place = place_in(text, escape.start() if escape else 0)
        raise unreadable(file, place, "no character has this number") from error
    return events


TOO_HIGH = re.compile(r"\\U(?!00(?:0|10))")


def within_depth(events: Iterable[Event], file: str) -> Iterator[Event]:
    """The events, up to one that is nested too deep: to read on would take minutes."""
    depth = 0
    for event in events:
        depth += isinstance(event, SequenceStartEvent | MappingStartEvent)
        depth -= isinstance(event, SequenceEndEvent | MappingEndEvent)
        if depth > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep: no model needs that"
            raise unreadable(file, place_of(event.start_mark), message)
        yield event


def advice(error: MarkedYAMLError, text: str, before: Sequence[Event]) -> tuple[Place, str]:
    """Where a person has to write, and what."""
    start, here = error.context_mark or error.problem_mark, error.problem_mark or error.context_mark
    problem, last = f"{error.problem} {error.context}", before[-1]
    if re.match("expected (<block end>|',')", problem) and runs_over_lines(last):
        return place_of(last.start_mark), OPEN_QUOTE
    if re.match("expected ','", problem) and was_left_open(start, here, text):
        bracket = text[start.index]
        return place_of(start), f"close this `{bracket}` with a `{CLOSING[bracket]}`"
    if re.match("expected ',' or .* got ':'", problem):
        return place_of(last.start_mark), COMMA
    if re.match("expected <block end>", problem) and begins_line(here, text):
        return place_of(here), "indent this line as those it belongs to"
    for said, at, message in ADVICE:
        if found := re.search(said, problem):
            return place_of(start if at == "start" else here), message.format(*found.groups())
    return place_of(here), f"not YAML: {error.problem}"


def runs_over_lines(event: Event) -> bool:
    """A quoted text over several lines, and then something else: a quote was left open."""
    return (
        isinstance(event, ScalarEvent)
        and event.style in {"'", '"'}
        and event.start_mark.line < event.end_mark.line
    )


def was_left_open(start: StreamMark, here: StreamMark, text: str) -> bool:
    """What follows a bracket stands no further in than its line does, so it is beside it."""
    lines = text.split("\n")
    return start.line < here.line and indent(lines[here.line]) <= indent(lines[start.line])


def indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def begins_line(mark: StreamMark, text: str) -> bool:
    return mark.column == indent(text.split("\n")[mark.line])


CLOSING = {"[": "]", "{": "}"}
OPEN_QUOTE = "close this quote where the text ends"
BEGINS = "write text that begins with {} in quotes"
COMMA = "write a comma before the key, or text with a colon in quotes"
COLON = "write text with a colon in quotes; a key begins a line, as far in as those beside it"
AFTER = "nothing follows a text on its line: inside \"\" a quote is \\\", inside '' it is ''"
ADVICE = (
    # what the parser says, with a part to repeat; where to write; what
    ("end of stream|document separator", "start", OPEN_QUOTE),
    (r"'\\t' that cannot start", "here", "write spaces instead of this tab"),
    ("'(.)' that cannot start", "here", BEGINS),
    ("scanning an anchor", "start", BEGINS.format("&")),
    ("scanning an alias", "start", BEGINS.format("*")),
    ("could not find expected ':'", "start", "write a colon and a space after this key"),
    ("mapping values are not allowed", "here", COLON),
    ("expected ',' or '(.)'", "here", "write a comma or `{}` before this"),
    ("but found '([]}])'", "here", "remove this `{}`, or write what it closes"),
    ("expected <block end>", "here", AFTER),
    ("expected the node content, but found '-'", "here", "write no dashes inside brackets"),
    ("expected the node content", "here", "write a value before this"),
    ("(?:entries|keys) are not allowed", "here", "begin this on a line of its own"),
    ("expected '<document start>'", "here", "write keys with values here"),
    (" tag", "start", "remove this tag: quote what is text, leave the rest plain"),
    ("escape", "here", "write \\\\ for a backslash in double quotes"),
    ("block scalar", "start", "write this text in quotes"),
)
