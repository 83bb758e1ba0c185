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
def windows(draw: st.DrawFn) -> list[Json]:
    unit = draw(st.sampled_from("MD"))
    scale = 1 if unit == "M" else 29
    bounds = sorted(draw(st.sets(st.integers(0, 14), min_size=2, max_size=4)))
    found = []
    for start, end in pairwise(bounds):
        window = {"from": f"P{start * scale}{unit}", "to": f"P{end * scale}{unit}"}
        found.append(window | {"points": draw(points)})
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


@st.composite
def answers(draw: st.DrawFn, low: st.SearchStrategy[str]) -> Json:  # noqa: PLR0911 - one a form
    """An indicator's answer, and the code it reads."""
    form = draw(st.sampled_from(["state", "events", "each", "counts", "choice", "number", "age"]))
    within = {"within": draw(durations)} if draw(st.booleans()) else {}
    absence = {}
    if draw(st.booleans()):
        absence = {"absence": {"means": "no", "while_fresh": draw(st.sampled_from(AGENCIES))}}
    reads = {"reads": draw(st.sampled_from(YES_NO))}
    match form:
        case "state":
            return {"answer": "flag", "points": draw(low), **reads, **within}
        case "events":
            return {"answer": "flag", "windows": draw(windows()), **reads, **absence}
        case "each":
            each = draw(st.integers(1, 30))
            most = draw(st.integers(each, 90))
            counted = {"each": text(each), "at_most": text(most)}
            return {"answer": "count", **counted, **reads, **within, **absence}
        case "counts":
            by_number = draw(ranges(whole, points))
            return {"answer": "count", "ranges": by_number, **reads, **within, **absence}
        case "choice":
            options = {word: draw(low) for word in WORDS}
            return {
                "answer": "choice",
                "options": options,
                "reads": draw(st.sampled_from(CHOICES)),
                **within,
            }
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
        found["when"] = draw(nested(simple_conditions()))
    return found


def declarations() -> Json:
    """Context indicators, so that every code a condition may read is declared."""
    found: Json = {}
    common = {"title": "It", "kind": "context", "held_by": ["police"]}
    for code in YES_NO:
        found[f"about_{code}"] = common | {"answer": "flag", "points": "0", "reads": code}
    for code in CHOICES:
        none = dict.fromkeys(WORDS, "0")
        found[f"about_{code}"] = common | {"answer": "choice", "options": none, "reads": code}
    zero = [{"points": "0"}]
    found["about_number"] = common | {"answer": "number", "ranges": zero, "reads": NUMBERS[0]}
    return found


@st.composite
def floors(draw: st.DrawFn, names: list[str], number: int) -> Json:
    within = {"within": draw(durations)} if draw(st.booleans()) else {}
    leaves = st.one_of(
        simple_conditions(),
        st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True).map(
            lambda some: {"any_of": some} | within
        ),
        st.sampled_from(["harm", "risk", "vulnerability"]).map(
            lambda kind: {"kind": kind} | within
        ),
        st.integers(1, 60).map(lambda value: {"single_points_from": text(value)}),
    )
    band = draw(st.sampled_from(["medium", "special", "high"]))
    return {
        "id": f"floor_{number}",
        "band": band,
        "reason": "A reason",
        "when": draw(nested(leaves)),
    }


@st.composite
def documents(draw: st.DrawFn) -> Json:
    some = draw(st.lists(indicators(), min_size=1, max_size=6))
    named = {f"line_{number}": line for number, line in enumerate(some)} | declarations()
    used = {line["group"] for line in named.values() if "group" in line}
    groups = {
        "capped": {"combine": "sum", "cap": "6.5"},
        "highest": {"combine": "max"},
        "plain": {"combine": "sum"},
    }
    count = draw(st.integers(0, 3))
    completeness = draw(
        st.sampled_from(
            [
                {},
                {"min_known": 3},
                {"min_known": 2, "required": ["line_0"], "otherwise": "incomplete"},
            ]
        )
    )
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
        "completeness": completeness,
    }


def model_from(document: Json) -> Model:
    return model_of(document, draft(document, DECIMALS))


models = documents().map(model_from)


# Evidence

near = st.integers(-900, 120).map(lambda days: DAY_ZERO + timedelta(days=days))


@st.composite
def observations(draw: st.DrawFn, ref: int) -> Observation:
    code = draw(st.sampled_from(CODES))
    if code in YES_NO:
        answer = draw(st.sampled_from(["yes", "yes", "yes", "no", "no", "not_known", "odd"]))
    elif code in CHOICES:
        answer = draw(st.sampled_from([*WORDS, "not_known", "odd"]))
    else:
        answer = draw(st.sampled_from(["0", "0.0", "1.5", "3", "-1", "8.25", "not_known"]))
    begins = draw(near)
    until = draw(st.none() | st.integers(0, 200).map(lambda days: begins + timedelta(days=days)))
    agency = draw(st.sampled_from(AGENCIES))
    incident = draw(st.sampled_from([None, None, "police:1", "police:2"]))
    return Observation(code, answer, begins, until, incident, agency, agency, str(ref), 1)


@st.composite
def children(draw: st.DrawFn, most: int = 10) -> Evidence:
    number = draw(st.integers(0, most))
    known = tuple(draw(observations(ref)) for ref in range(number))
    born = draw(
        st.none() | st.dates(date(2007, 1, 1), date(2017, 12, 31)) | st.just(date(2012, 2, 29))
    )
    return Evidence(known, born, stale=draw(st.frozensets(st.sampled_from(AGENCIES))))


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
