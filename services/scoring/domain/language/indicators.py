"""Conditions and indicators, key by key."""

from collections.abc import Mapping

from services.scoring.domain.language.alternatives import OneOf, Variant, Variants
from services.scoring.domain.language.records import OWN_NAME, Key, ListOf, MapOf, Record
from services.scoring.domain.language.scalars import Day, Decimal, Span, Whole, Word
from services.scoring.domain.language.words import (
    ANSWER,
    EVENTS,
    LINE,
    NAME,
    NUMBER,
    OPTION,
    POINTS,
    YEARS,
)
from services.scoring.domain.model import KINDS


def ranges(bound: Decimal | Whole) -> ListOf:
    return ListOf(
        Record(
            {
                "from": Key(bound, about="The lowest value in it; left out: open."),
                "below": Key(bound, about="The lowest value above it; left out: open."),
                "points": Key(POINTS, required=True),
            }
        ),
        at_least=1,
    )


# Conditions


def conditions() -> Mapping[str, Record]:
    return {
        "all": Record({"all": Key(ListOf(CONDITION, 1), required=True)}),
        "any": Record({"any": Key(ListOf(CONDITION, 1), required=True)}),
        **SIMPLE,
    }


def floor_conditions() -> Mapping[str, Record]:
    return {
        "all": Record({"all": Key(ListOf(FLOOR_CONDITION, 1), required=True)}),
        "any": Record({"any": Key(ListOf(FLOOR_CONDITION, 1), required=True)}),
        **SIMPLE,
        "any_of": Record(
            {"any_of": Key(ListOf(NAME, 1), required=True), "within": Key(Span(at_least=1))},
        ),
        "kind": Record({"kind": Key(Word(KINDS), required=True), "within": Key(Span(at_least=1))}),
        "single_points_from": Record({"single_points_from": Key(POINTS, required=True)}),
    }


SIMPLE = {
    "code": Record({"code": Key(NAME, required=True), "is": Key(ANSWER, required=True)}),
    "age_below": Record({"age_below": Key(YEARS, required=True)}),
}
CONDITION = OneOf(conditions, "condition", ("any_of", "kind", "single_points_from"))
FLOOR_CONDITION = OneOf(floor_conditions, "floor_condition")


# Indicators

WITHIN = Key(Span(at_least=1), about="How old the evidence may be; left out: any age.")
ABSENCE = Key(
    Record(
        {
            "means": Key(Word(("no",)), required=True),
            "while_fresh": Key(NAME, required=True, about="The agency whose feed would have told."),
        }
    ),
    about="Silence is a no while this agency's feed is fresh; left out: no answer means unknown.",
)
WINDOWS = ListOf(
    Record(
        {
            "from": Key(Span(), required=True, about="The youngest age in it, included."),
            "to": Key(Span(at_least=1), about="The oldest age, not included; left out: ever."),
            "points": Key(POINTS, required=True),
        }
    ),
    at_least=1,
    at_most=8,
)


def indicator(answer: str, keys: Mapping[str, Key], *, reads: bool = True) -> Record:
    common = {
        "title": Key(LINE, required=True, about="In words a child could read about themselves."),
        "kind": Key(Word(KINDS), required=True),
        "group": Key(NAME),
        "held_by": Key(ListOf(NAME, 1), required=True, about="The agencies that could know."),
        "reads": Key(
            NAME,
            default=OWN_NAME,
            about="The observation code; left out: the indicator's own name.",
        ),
        "answer": Key(Word((answer,)), required=True),
    }
    provenance = {
        "when": Key(CONDITION, about="Ruled out where this does not hold."),
        "reference": Key(LINE, about="Where the weight comes from."),
        "review_by": Key(Day()),
    }
    if not reads:
        del common["reads"]
    return Record({**common, **keys, **provenance})


STATE = {
    "points": Key(POINTS, required=True, about="A state: the latest known answer stands."),
    "within": WITHIN,
}
EVENTS_IN_WINDOWS = {
    "windows": Key(WINDOWS, required=True, about="An event: points for every window with a yes."),
    "absence": ABSENCE,
}
COUNT_EACH = {
    "within": WITHIN,
    "each": Key(POINTS, required=True, about="Points for each event."),
    "at_most": Key(POINTS, required=True, about="The most it gives together."),
    "absence": ABSENCE,
}
COUNT_RANGES = {
    "within": WITHIN,
    "ranges": Key(ranges(EVENTS), required=True, about="Points by the number of events."),
    "absence": ABSENCE,
}
CHOICE = {"options": Key(MapOf(OPTION, POINTS, 1), required=True), "within": WITHIN}
MEASURE = {"ranges": Key(ranges(NUMBER), required=True), "within": WITHIN}
AGE = {"ranges": Key(ranges(YEARS), required=True)}

INDICATOR = Variants(
    "answer",
    (
        Variant("flag", indicator("flag", STATE)),
        Variant("flag", indicator("flag", EVENTS_IN_WINDOWS), marker="windows"),
        Variant("count", indicator("count", COUNT_EACH)),
        Variant("count", indicator("count", COUNT_RANGES), marker="ranges"),
        Variant("choice", indicator("choice", CHOICE)),
        Variant("number", indicator("number", MEASURE)),
        Variant("age", indicator("age", AGE, reads=False)),
    ),
)
