"""The language `riskmodel/1`, key by key: the loader reads by it, the JSON Schema is made of it."""

from collections.abc import Mapping

from services.scoring.domain.language.shapes import (
    Day,
    Decimal,
    Key,
    ListOf,
    MapOf,
    Nullable,
    OneOf,
    OnlyTrue,
    Record,
    Span,
    Text,
    Variant,
    Variants,
    Whole,
    Word,
)
from services.scoring.domain.model import KINDS

LANGUAGE = "riskmodel/1"

MOST_DECIMALS = 4
NAME = Text(
    "a name of small letters, digits and _, such as missing_episode", 1, 64, "[a-z][a-z0-9_]*"
)
SLUG = Text(
    "a name of small letters, digits and -, such as child-exploitation", 1, 64, "[a-z][a-z0-9-]*"
)
OPTION = Text(
    "an option of small letters, digits, _ . and -", 1, 64, "(?!not_known$)[a-z0-9][a-z0-9_.-]*"
)
LINE = Text("a line of text", 1, 400)
PROSE = Text("text")
POINTS = Decimal(points=True)
NUMBER = Decimal(points=False)
YEARS = Whole(0, 120)
EVENTS = Whole(0, 1000)


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
            {"any_of": Key(ListOf(NAME, 1), required=True), "within": Key(Span())},
        ),
        "kind": Record({"kind": Key(Word(KINDS), required=True), "within": Key(Span())}),
        "single_points_from": Record({"single_points_from": Key(POINTS, required=True)}),
    }


SIMPLE = {
    "code": Record({"code": Key(NAME, required=True), "is": Key(LINE, required=True)}),
    "age_below": Record({"age_below": Key(YEARS, required=True)}),
}
CONDITION = OneOf(conditions, "condition")
FLOOR_CONDITION = OneOf(floor_conditions, "floor_condition")


# Indicators

WITHIN = Key(Span(), about="How old the evidence may be; left out: any age.")
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
            "to": Key(Span(), about="The oldest age, not included; left out: ever."),
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
        "reads": Key(NAME, about="The observation code; left out: the indicator's own name."),
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


# Golden cases

GOLDEN_CASE = Record(
    {
        "name": Key(LINE, required=True),
        "as_of": Key(Day(), required=True),
        "child": Key(Record({"date_of_birth": Key(Day())}), default={}),
        "given": Key(
            ListOf(
                Record(
                    {
                        "code": Key(NAME, required=True),
                        "answer": Key(LINE, required=True),
                        "observed_on": Key(Day(), required=True),
                        "observed_until": Key(Day()),
                        "incident_ref": Key(LINE),
                        "source": Key(NAME, about="The agency that says so."),
                    }
                )
            ),
            default=[],
        ),
        "stale": Key(ListOf(NAME), default=[], about="Agencies whose feed is silent."),
        "nearest": Key(OnlyTrue(), about="`when` makes the band's own boundary impossible."),
        "expect": Key(
            Record(
                {
                    "total": Key(Nullable(POINTS)),
                    "interval": Key(ListOf(POINTS, 2, 2)),
                    "band": Key(Nullable(NAME), about="null: none."),
                    "band_range": Key(ListOf(NAME, 2, 2)),
                    "floors": Key(ListOf(NAME), about="All that fired, in any order."),
                    "status": Key(
                        Word(("complete", "provisional", "incomplete", "not_applicable"))
                    ),
                },
                at_least=1,
            ),
            required=True,
        ),
    }
)


# The document

AGE_LIMITS = Record({"from": Key(YEARS, default=0), "below": Key(YEARS)}, at_least=1)

DOCUMENT = Record(
    {
        "schema": Key(Word((LANGUAGE,)), required=True),
        "model": Key(SLUG, required=True),
        "title": Key(LINE, required=True),
        "purpose": Key(PROSE, required=True),
        "change": Key(
            Record(
                {
                    "kind": Key(
                        Word(("new", "recalibration", "correction", "rollback")), required=True
                    ),
                    "reason": Key(Text("a reason", 20), required=True),
                    "reference": Key(LINE),
                }
            ),
            required=True,
        ),
        "effective_from": Key(Day(), required=True, about="Local midnight, Europe/London."),
        "decimals": Key(
            Whole(0, MOST_DECIMALS), required=True, about="Of points, caps and `from`."
        ),
        "applies": Key(Record({"age": Key(AGE_LIMITS, required=True)})),
        "indicators": Key(MapOf(NAME, INDICATOR, 1), required=True),
        "groups": Key(
            MapOf(
                NAME,
                Record(
                    {"combine": Key(Word(("sum", "max")), required=True), "cap": Key(POINTS)},
                ),
            ),
            default={},
        ),
        "bands": Key(
            ListOf(
                Record(
                    {
                        "id": Key(NAME, required=True),
                        "from": Key(
                            Nullable(POINTS), required=True, about="null: only through a floor."
                        ),
                        "title": Key(LINE),
                        "definition": Key(PROSE),
                        "review_within": Key(Span()),
                        "suggests": Key(ListOf(NAME), default=[]),
                    }
                ),
                at_least=1,
            ),
            required=True,
            about="In rising order.",
        ),
        "band_map": Key(MapOf(NAME, NAME), default={}, about="Old band to new, when bands change."),
        "floors": Key(
            ListOf(
                Record(
                    {
                        "id": Key(NAME, required=True),
                        "band": Key(NAME, required=True),
                        "reason": Key(LINE, required=True),
                        "when": Key(FLOOR_CONDITION, required=True),
                    }
                )
            ),
            default=[],
        ),
        "completeness": Key(
            Record(
                {
                    "required": Key(ListOf(NAME), default=[]),
                    "min_known": Key(Whole(0, 1000)),
                    "otherwise": Key(Word(("provisional", "incomplete")), default="provisional"),
                }
            ),
            default={},
        ),
        "golden": Key(ListOf(GOLDEN_CASE, 1), required=True),
    }
)
