"""What changed between two versions of a model, line by line, in words a manager can read.

Only the order of bands, of the two ends of an interval and of a range of bands means something. No
other order does: neither that of keys, indicators, windows, options, floors and cases, nor that of
`held_by`, `required`, `suggests`, `stale`, `given` and what is expected to fire, nor that of the
parts of a condition. What differs in such an order, or in spacing alone, is not told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.scoring.domain.diff.conditions import When
from services.scoring.domain.diff.shapes import (
    Cells,
    Difference,
    Fields,
    Named,
    Place,
    Several,
    Shape,
    Value,
)
from services.scoring.domain.sentences import amount, day, length, name
from services.scoring.domain.wording import (
    answer,
    bands_between,
    born,
    condition,
    observation,
    option_name,
    points_between,
    quoted,
    range_name,
    reached,
    silence,
    window_name,
    within,
)

Json = Any
NOT_CHECKED = "not checked"


def diff(before: Mapping[str, Json], after: Mapping[str, Json]) -> tuple[Difference, ...]:
    """Of two canonical documents."""
    return tuple(DOCUMENT.compare(Place(), before, after))


CHANGE = Fields(
    {
        "kind": ("kind", Value()),
        "reason": ("reason", Value(quoted)),
        "reference": ("reference", Value(quoted)),
    }
)

# Indicators

HEAD: Mapping[str, tuple[str, Shape]] = {
    "title": ("title", Value(quoted)),
    "kind": ("kind", Value()),
    "group": ("group", Value(name, "no group")),
    "held_by": ("could be known by", Several()),
    "reads": ("reads answers about", Value(name, "its own name")),
}
ANSWER = {"answer": ("answer", Value(answer))}
WEIGHTS: Mapping[str, tuple[str, Shape]] = {
    "points": ("if yes", Value(amount)),
    "windows": ("windows", Cells(window_name)),
    "each": ("each time", Value(amount)),
    "at_most": ("at most", Value(amount)),
    "options": ("options", Named(Value(amount), word=option_name)),
    "ranges": ("ranges", Cells(range_name)),
}
TAIL: Mapping[str, tuple[str, Shape]] = {
    "within": ("counts evidence", Value(within, "at any time")),
    "absence": ("hearing nothing means", Value(silence, "not known")),
    "when": ("counts", When(lambda value: f"only if {condition(value)}", "always")),
    "reference": ("reference", Value(quoted)),
    "review_by": ("review by", Value(day)),
}
WHOLE = Fields({**HEAD, **ANSWER, **TAIL})
BY_WEIGHT = Fields({**HEAD, **WEIGHTS, **TAIL})


@dataclass(frozen=True, slots=True)
class Indicator:
    """Its weights are compared one by one only where both take the same kind of answer."""

    def compare(self, place: Place, before: Json, after: Json) -> Iterator[Difference]:
        if kind_of_answer(before) == kind_of_answer(after):
            yield from BY_WEIGHT.compare(place, before, after)
        else:
            yield from WHOLE.compare(place, folded(before), folded(after))

    def written(self, value: Json) -> str:
        return WHOLE.written(folded(value))


def kind_of_answer(line: Json) -> tuple[str, frozenset[str]]:
    return line["answer"], WEIGHTS.keys() & line.keys()


def folded(line: Json) -> dict[str, Json]:
    """With all that the answer gives under `answer`."""
    given = {key: value for key, value in line.items() if key in {"answer", *WEIGHTS}}
    return {**line, "answer": given}


# All else

GROUP = Fields(
    {
        "combine": (
            "how",
            Value({"sum": "added up", "max": "only the highest counts"}.__getitem__),
        ),
        "cap": ("at most", Value(amount, "any sum")),
    }
)
BAND = Fields(
    {
        "title": ("title", Value(quoted)),
        "from": ("reached", Value(reached)),
        "definition": ("definition", Value(quoted)),
        "review_within": ("looked at again within", Value(length, "no set time")),
        "suggests": ("suggests", Several()),
    }
)
FLOOR = Fields(
    {
        "band": ("band at least", Value(name)),
        "reason": ("reason", Value(quoted)),
        "when": ("when", When()),
    }
)
COMPLETENESS = Fields(
    {
        "required": ("must be known", Several()),
        "min_known": ("at least known", Value(str, "all indicators")),
        "otherwise": ("otherwise the score is", Value(absent="provisional")),
    }
)
EXPECTED = Fields(
    {
        "total": ("total", Value(lambda total: "none" if total is None else total, NOT_CHECKED)),
        "interval": ("interval", Value(points_between, NOT_CHECKED)),
        "band": ("band", Value(name, NOT_CHECKED)),
        "band_range": ("range of bands", Value(bands_between, NOT_CHECKED)),
        "floors": ("floors", Several(absent=NOT_CHECKED)),
        "status": ("status", Value(name, NOT_CHECKED)),
    }
)
GOLDEN_CASE = Fields(
    {
        "as_of": ("on", Value(day)),
        "child": ("child", Value(born, "date of birth not known")),
        "given": ("given", Several(observation, counted=True)),
        "stale": ("silent", Several()),
        "nearest": ("the nearest total to a border", Value(lambda _: "yes", "no")),
        "expect": ("expected", EXPECTED),
    }
)
DOCUMENT = Fields(
    {
        "schema": ("language", Value()),
        "model": ("model", Value()),
        "title": ("title", Value(quoted)),
        "purpose": ("purpose", Value(quoted)),
        "change": ("change", CHANGE),
        "effective_from": ("effective from", Value(day)),
        "decimals": ("decimals that points may have", Value()),
        "applies": ("ages it is for", Value(lambda value: range_name(value["age"]), "any")),
        "indicators": ("indicators", Named(Indicator())),
        "groups": ("groups", Named(GROUP)),
        "bands": ("bands", Named(BAND, "id", ordered=True)),
        "band_map": ("earlier bands", Named(Value(lambda band: f"becomes {name(band)}"))),
        "floors": ("floors", Named(FLOOR, "id")),
        "completeness": ("complete score", COMPLETENESS),
        "golden": ("golden cases", Named(GOLDEN_CASE, "name", quoted)),
    }
)
