"""The language `riskmodel/1`, key by key: the loader reads by it, the JSON Schema is made of it."""

from services.scoring.domain.language.indicators import FLOOR_CONDITION, INDICATOR
from services.scoring.domain.language.records import Key, ListOf, MapOf, Record
from services.scoring.domain.language.scalars import (
    Day,
    Nullable,
    OnlyTrue,
    Span,
    Text,
    Whole,
    Word,
)
from services.scoring.domain.language.words import (
    ANSWER,
    LINE,
    MOST_DECIMALS,
    NAME,
    POINTS,
    PROSE,
    SLUG,
    YEARS,
)

LANGUAGE = "riskmodel/1"


# Golden cases

OBSERVATION = Record(
    {
        "code": Key(NAME, required=True),
        "answer": Key(ANSWER, required=True),
        "observed_on": Key(Day(), required=True),
        "observed_until": Key(Day()),
        "incident_ref": Key(LINE),
        "source": Key(NAME, about="The agency that says so."),
    }
)
EXPECTATION = Record(
    {
        "total": Key(Nullable(POINTS)),
        "interval": Key(ListOf(POINTS, 2, 2)),
        "band": Key(Nullable(NAME), about="null: none."),
        "band_range": Key(ListOf(NAME, 2, 2)),
        "floors": Key(ListOf(NAME), about="All that fired, in any order."),
        "status": Key(Word(("complete", "provisional", "incomplete", "not_applicable"))),
    },
    at_least=1,
)


def case(*, golden: bool) -> Record:
    return Record(
        {
            "name": Key(LINE, required=golden),
            "as_of": Key(Day(), required=True),
            "child": Key(Record({"date_of_birth": Key(Day())}), default={}),
            "given": Key(ListOf(OBSERVATION), default=[]),
            "stale": Key(ListOf(NAME), default=[], about="Agencies whose feed is silent."),
            "nearest": Key(OnlyTrue(), about="`when` makes the band's own boundary impossible."),
            "expect": Key(EXPECTATION, required=golden),
        }
    )


GOLDEN_CASE = case(golden=True)
CASE = case(golden=False)


# The document

AGE_LIMITS = Record({"from": Key(YEARS, default=0), "below": Key(YEARS)})

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
