"""Random models that use every construct of the language, and random evidence to score."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from services.scoring.domain import amounts
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.language.assemble import model_of
from services.scoring.domain.language.draft import draft
from services.scoring.domain.model import Model

DECIMALS = 1
AGENCIES = ("police", "health", "social_care")
CODES = tuple(f"code_{number}" for number in range(6))
DAY_ZERO = date(2024, 3, 1)
YES_NO, CHOICES, NUMBERS = CODES[:3], CODES[3:5], CODES[5:]
WORDS = ("none", "some", "much")

Json = dict[str, Any]


def text(value: int) -> str:
    return amounts.write(value, DECIMALS)


points = st.integers(0, 80).map(text)
less = st.integers(-40, 0).map(text)
months = st.sampled_from(["P1M", "P3M", "P6M", "P12M"])
days = st.sampled_from(["P1D", "P30D", "P90D", "P400D"])
durations = st.one_of(months, days)


@st.composite
def windows(draw: st.DrawFn, worth: st.SearchStrategy[str] = points) -> list[Json]:
    unit = draw(st.sampled_from("MD"))
    scale = 1 if unit == "M" else 29
    bounds = sorted(draw(st.sets(st.integers(0, 14), min_size=2, max_size=4)))
    found = []
    for start, end in pairwise(bounds):
        window = {"from": f"P{start * scale}{unit}", "to": f"P{end * scale}{unit}"}
        found.append(window | {"points": draw(worth)})
    if draw(st.booleans()):
        del found[-1]["to"]
    return found


@st.composite
def ranges(
    draw: st.DrawFn, bounds: st.SearchStrategy[Any], low: st.SearchStrategy[str]
) -> list[Json]:
    cuts = sorted(draw(st.sets(bounds, min_size=1, max_size=3)), key=float)
    found: list[Json] = [{"points": draw(low)} for _ in range(len(cuts) + 1)]
    for place, cut in enumerate(cuts):
        found[place]["below"] = cut
        found[place + 1]["from"] = cut
    return found


whole = st.integers(1, 4)
measures = st.integers(-2_000_000, 9_000_000).map(lambda value: amounts.write(value, 6))
years = st.integers(8, 18)


def simple_conditions() -> st.SearchStrategy[Json]:
    return st.one_of(
        st.builds(
            lambda code, word: {"code": code, "is": word},
            st.sampled_from(YES_NO),
            st.sampled_from(["yes", "no"]),
        ),
        st.builds(
            lambda code, word: {"code": code, "is": word},
            st.sampled_from(CHOICES),
            st.sampled_from(WORDS),
        ),
        st.builds(
            lambda code, number: {"code": code, "is": number},
            st.sampled_from(NUMBERS),
            st.sampled_from(["0", "1.5"]),
        ),
        st.builds(lambda age: {"age_below": age}, years),
    )


def nested(leaves: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            lambda word, parts: {word: parts},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        max_leaves=3,
    )


SIMPLE = simple_conditions()
CONDITIONS = nested(SIMPLE)  # made once: a strategy takes longer to make than to draw from
ABSENCES = st.sampled_from(AGENCIES).map(lambda agency: {"means": "no", "while_fresh": agency})


forms = st.sampled_from(["state", "events", "each", "counts", "choice", "number", "age"])
yes_no_codes, choice_codes = st.sampled_from(YES_NO), st.sampled_from(CHOICES)
limits = st.tuples(st.integers(1, 30), st.integers(0, 60))


@st.composite
def answers(draw: st.DrawFn, low: st.SearchStrategy[str]) -> Json:  # noqa: PLR0911 - one a form
    """An indicator's answer, and the code it reads."""
    form = draw(forms)
    within = {"within": draw(durations)} if draw(st.booleans()) else {}
    absence = {"absence": draw(ABSENCES)} if draw(st.booleans()) else {}
    reads = {"reads": draw(yes_no_codes)}
    match form:
        case "state":
            return {"answer": "flag", "points": draw(low), **reads, **within}
        case "events":
            return {"answer": "flag", "windows": draw(windows()), **reads, **absence}
        case "each":
            each, more = draw(limits)
            counted = {"each": text(each), "at_most": text(each + more)}
            return {"answer": "count", **counted, **reads, **within, **absence}
        case "counts":
            by_number = draw(ranges(whole, points))
            return {"answer": "count", "ranges": by_number, **reads, **within, **absence}
        case "choice":
            options = {word: draw(low) for word in WORDS}
            reads = {"reads": draw(choice_codes)}
            return {"answer": "choice", "options": options, **reads, **within}
        case "number":
            by_measure = draw(ranges(measures, low))
            return {"answer": "number", "ranges": by_measure, "reads": NUMBERS[0], **within}
        case _:
            return {"answer": "age", "ranges": draw(ranges(years, low))}


@st.composite
def indicators(draw: st.DrawFn) -> Json:
    kind = draw(st.sampled_from(["harm", "risk", "vulnerability", "protective"]))
    found = draw(answers(less if kind == "protective" else points))
    found |= {"title": "It", "kind": kind, "held_by": list(AGENCIES)}
    if kind != "protective" and draw(st.booleans()):
        found["group"] = draw(st.sampled_from(["capped", "highest", "plain"]))
    if draw(st.integers(0, 3)) == 0:
        found["when"] = draw(CONDITIONS)
    return found


withins: st.SearchStrategy[Json] = st.just({}) | durations.map(
    lambda duration: {"within": duration}
)


@st.composite
def facts(draw: st.DrawFn) -> Json:
    """What a yes or a no may be without points: a state, or an event."""
    if draw(st.booleans()):
        return {"points": "0", **draw(withins)}
    absence = {"absence": draw(ABSENCES)} if draw(st.booleans()) else {}
    return {"windows": draw(windows(st.just("0"))), **absence}


@st.composite
def declarations(draw: st.DrawFn) -> Json:
    """Context indicators, so that every code a condition may read is declared."""
    found: Json = {}
    common = {"title": "It", "kind": "context", "held_by": list(AGENCIES)}
    for code in YES_NO:
        found[f"about_{code}"] = common | {"answer": "flag", "reads": code, **draw(facts())}
    for code in CHOICES:
        none = dict.fromkeys(WORDS, "0")
        choice = {"answer": "choice", "options": none, "reads": code}
        found[f"about_{code}"] = common | choice | draw(withins)
    number = {"answer": "number", "ranges": [{"points": "0"}], "reads": NUMBERS[0]}
    found["about_number"] = common | number | draw(withins)
    return found


def aged(leaf: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
    return leaf | st.builds(lambda found, within: found | {"within": within}, leaf, durations)


FLOOR_CONDITIONS = nested(
    st.one_of(
        SIMPLE,
        aged(
            st.lists(st.integers(0, 11), min_size=1, max_size=3).map(lambda some: {"any_of": some})
        ),
        aged(st.sampled_from(["harm", "risk", "vulnerability"]).map(lambda kind: {"kind": kind})),
        st.integers(1, 60).map(lambda value: {"single_points_from": text(value)}),
    )
)
"""Indicators by number, as their names are not drawn yet."""


def with_names(condition: Any, names: list[str]) -> Any:
    if isinstance(condition, list):
        return [with_names(part, names) for part in condition]
    if "any_of" in condition:
        numbers = dict.fromkeys(number % len(names) for number in condition["any_of"])
        return condition | {"any_of": [names[number] for number in numbers]}
    return {
        key: with_names(part, names) if key in {"all", "any"} else part
        for key, part in condition.items()
    }


floor_bands = st.sampled_from(["medium", "special", "high"])


@st.composite
def floors(draw: st.DrawFn, names: list[str], number: int) -> Json:
    return {
        "id": f"floor_{number}",
        "band": draw(floor_bands),
        "reason": "A reason",
        "when": with_names(draw(FLOOR_CONDITIONS), names),
    }


LINES = st.lists(indicators(), min_size=1, max_size=6)
COMPLETENESS = st.sampled_from(
    [
        {},
        {"min_known": 3},
        {"min_known": 2, "required": ["line_0"], "otherwise": "incomplete"},
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Json:
    some = draw(LINES)
    named = {f"line_{number}": line for number, line in enumerate(some)}
    named |= draw(declarations())
    used = {line["group"] for line in named.values() if "group" in line}
    groups = {
        "capped": {"combine": "sum", "cap": "6.5"},
        "highest": {"combine": "max"},
        "plain": {"combine": "sum"},
    }
    count = draw(st.integers(0, 3))
    return {
        "schema": "riskmodel/1",
        "model": "random",
        "title": "A random model",
        "purpose": "For laws.",
        "change": {"kind": "new", "reason": "a random model for the laws"},
        "effective_from": "2024-01-01",
        "decimals": DECIMALS,
        "applies": {"age": {"from": 5, "below": draw(st.sampled_from([16, 30]))}},
        "indicators": named,
        "groups": {name: groups[name] for name in sorted(used)},
        "bands": [
            {"id": "low", "from": "-100"},
            {"id": "medium", "from": "3"},
            {"id": "special", "from": None},
            {"id": "high", "from": "9.5"},
        ],
        "floors": [draw(floors(sorted(named), number)) for number in range(count)],
        "completeness": draw(COMPLETENESS),
    }


def model_from(document: Json) -> Model:
    return model_of(document, draft(document, DECIMALS))


models = documents().map(model_from)


# Evidence

near = st.integers(-900, 120).map(lambda days: DAY_ZERO + timedelta(days=days))


codes = st.sampled_from(CODES)
said = {
    **dict.fromkeys(YES_NO, st.sampled_from(["yes", "yes", "yes", "no", "no", "not_known", "odd"])),
    **dict.fromkeys(CHOICES, st.sampled_from([*WORDS, "not_known", "odd"])),
    **dict.fromkeys(NUMBERS, st.sampled_from(["0", "0.0", "1.5", "3", "-1", "8.25", "not_known"])),
}
lengths = st.none() | st.integers(0, 200)
agencies = st.sampled_from(AGENCIES)
incidents = st.sampled_from([None, None, "police:1", "police:2"])


@st.composite
def observations(draw: st.DrawFn, ref: int) -> Observation:
    code = draw(codes)
    answer, begins, length = draw(said[code]), draw(near), draw(lengths)
    until = None if length is None else begins + timedelta(days=length)
    agency, incident = draw(agencies), draw(incidents)
    return Observation(code, answer, begins, until, incident, agency, agency, str(ref), 1)


births = st.none() | st.dates(date(2007, 1, 1), date(2017, 12, 31)) | st.just(date(2012, 2, 29))
silent = st.frozensets(agencies)


@st.composite
def children(draw: st.DrawFn, most: int = 10) -> Evidence:
    number = draw(st.integers(0, most))
    known = tuple(draw(observations(ref)) for ref in range(number))
    return Evidence(known, draw(births), stale=draw(silent))


# Which constructs a model uses, to prove that the laws see all of them


def constructs(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if not key.startswith(("line_", "about_", "code_")):
                yield f"{name}.{key}" if name in {"answer", "combine"} else key
            if key in {"answer", "combine", "kind", "otherwise"}:
                yield f"{key} {part}"
            yield from constructs(part)
    elif isinstance(value, list):
        for part in value:
            yield from constructs(part)
