"""Canonical values to the frozen model. Every value given here has been read without a problem."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.attainable import attainable_points
from services.scoring.domain.conditions import leaves
from services.scoring.domain.dates import Duration, parse_duration
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.language.shapes import Json
from services.scoring.domain.model import (
    Age,
    AgeBelow,
    AgeLimits,
    All,
    Answer,
    Any,
    Band,
    Change,
    Choice,
    CodeIs,
    Completeness,
    Condition,
    Count,
    Each,
    Expectation,
    FlagEvents,
    FlagState,
    Floor,
    GoldenCase,
    Group,
    Indicator,
    Number,
    Present,
    Range,
    ReadCode,
    SinglePointsFrom,
    Window,
)

WHOLE = 0


def duration(value: Json) -> Duration | None:
    return None if value is None else parse_duration(value)


def ranges(values: Json, bound_decimals: int, decimals: int) -> tuple[Range, ...]:
    return tuple(
        Range(
            bound(value.get("from"), bound_decimals),
            bound(value.get("below"), bound_decimals),
            amounts.parse(value["points"], decimals),
        )
        for value in values
    )


def bound(value: Json, decimals: int) -> int | None:
    return None if value is None else amounts.parse(str(value), decimals)


# Indicators


def indicator(name: str, value: Json, decimals: int) -> Indicator:
    answer = ANSWERS[value["answer"]](value, decimals)
    possible = attainable_points(answer)
    return Indicator(
        id=name,
        title=value["title"],
        kind=value["kind"],
        group=value.get("group"),
        held_by=tuple(sorted(value["held_by"])),
        reads=None if value["answer"] == "age" else value.get("reads", name),
        answer=answer,
        when=condition(value["when"], decimals) if "when" in value else None,
        reference=value.get("reference"),
        review_by=day(value.get("review_by")),
        least=min(possible),
        most=max(possible),
    )


def flag(value: Json, decimals: int) -> Answer:
    if "windows" not in value:
        points = amounts.parse(value["points"], decimals)
        return FlagState(points, duration(value.get("within")))
    windows = tuple(
        Window(
            parse_duration(window["from"]),
            duration(window.get("to")),
            amounts.parse(window["points"], decimals),
        )
        for window in value["windows"]
    )
    return FlagEvents(windows, absence(value))


def count(value: Json, decimals: int) -> Answer:
    weights: Each | tuple[Range, ...]
    if "each" in value:
        each, at_most = value["each"], value["at_most"]
        weights = Each(amounts.parse(each, decimals), amounts.parse(at_most, decimals))
    else:
        weights = ranges(value["ranges"], WHOLE, decimals)
    reach = Window(Duration(0, "D"), duration(value.get("within")), 0)
    return Count(weights, reach, absence(value))


def absence(value: Json) -> str | None:
    found: str | None = value["absence"]["while_fresh"] if "absence" in value else None
    return found


def choice(value: Json, decimals: int) -> Answer:
    options = {
        name: amounts.parse(value["options"][name], decimals) for name in sorted(value["options"])
    }
    return Choice(options, duration(value.get("within")))


def number(value: Json, decimals: int) -> Answer:
    by_measure = ranges(value["ranges"], amounts.NUMBER_DECIMALS, decimals)
    return Number(by_measure, duration(value.get("within")))


def age(value: Json, decimals: int) -> Answer:
    return Age(ranges(value["ranges"], WHOLE, decimals))


ANSWERS = {"flag": flag, "count": count, "choice": choice, "number": number, "age": age}


# Conditions


def condition(value: Json, decimals: int) -> Condition:
    build = next(build for name, build in CONDITIONS.items() if name in value)
    return build(value, decimals)


CONDITIONS: Mapping[str, Callable[[Json, int], Condition]] = {
    "all": lambda value, decimals: All(parts(value["all"], decimals)),
    "any": lambda value, decimals: Any(parts(value["any"], decimals)),
    "code": lambda value, _: CodeIs(value["code"], value["is"]),
    "age_below": lambda value, _: AgeBelow(value["age_below"]),
    "any_of": lambda value, _: Present(
        tuple(sorted(value["any_of"])), None, duration(value.get("within"))
    ),
    "kind": lambda value, _: Present((), value["kind"], duration(value.get("within"))),
    "single_points_from": lambda value, decimals: SinglePointsFrom(
        amounts.parse(value["single_points_from"], decimals)
    ),
}


def parts(values: Json, decimals: int) -> tuple[Condition, ...]:
    return tuple(condition(value, decimals) for value in values)


# The rest


def group(name: str, value: Json, decimals: int) -> Group:
    cap = amounts.parse(value["cap"], decimals) if "cap" in value else None
    return Group(name, value["combine"], cap)


def band(value: Json, decimals: int) -> Band:
    return Band(
        id=value["id"],
        from_=None if value["from"] is None else amounts.parse(value["from"], decimals),
        title=value.get("title"),
        definition=value.get("definition"),
        review_within=duration(value.get("review_within")),
        suggests=tuple(value.get("suggests", ())),
    )


def floor(value: Json, decimals: int) -> Floor:
    when = condition(value["when"], decimals)
    return Floor(value["id"], value["band"], value["reason"], when)


def applies(value: Json) -> AgeLimits:
    limits = value["age"]
    return AgeLimits(limits.get("from"), limits.get("below"))


def completeness(value: Json) -> Completeness:
    return Completeness(
        required=tuple(sorted(value.get("required", ()))),
        min_known=value.get("min_known"),
        otherwise=value.get("otherwise", "provisional"),
    )


def change(value: Json) -> Change:
    return Change(value["kind"], value["reason"], value.get("reference"))


def golden_case(value: Json) -> GoldenCase:
    return GoldenCase(
        name=value["name"],
        as_of=date.fromisoformat(value["as_of"]),
        evidence=Evidence(
            observations=tuple(
                observation(given, number) for number, given in enumerate(value.get("given", ()), 1)
            ),
            date_of_birth=day(value.get("child", {}).get("date_of_birth")),
            stale=frozenset(value.get("stale", ())),
        ),
        nearest=value.get("nearest", False),
        expect=Expectation(value["expect"]),
    )


def observation(value: Json, number: int) -> Observation:
    source = value.get("source", "golden")
    return Observation(
        code=value["code"],
        answer=value["answer"],
        observed_on=date.fromisoformat(value["observed_on"]),
        observed_until=day(value.get("observed_until")),
        incident_ref=value.get("incident_ref"),
        agency=source,
        source=source,
        source_ref=str(number),
        revision=1,
    )


def day(value: Json) -> date | None:
    return None if value is None else date.fromisoformat(value)


def codes(indicators: Iterable[Indicator]) -> Mapping[str, ReadCode]:
    """The observation codes that these indicators read."""
    found: dict[str, ReadCode] = {}
    for line in indicators:
        if line.reads is None:
            continue
        read = read_code(line)
        other = found.get(line.reads, read)
        found[line.reads] = ReadCode(
            read.kind, read.options | other.options, read.held_by | other.held_by
        )
    return found


def state_codes(indicators: Iterable[Indicator]) -> frozenset[str]:
    return frozenset(
        line.reads
        for line in indicators
        if line.reads is not None and isinstance(line.answer, FlagState | Choice | Number)
    )


def readers(indicators: Iterable[Indicator]) -> Mapping[str, tuple[int, ...]]:
    """For each code the places of the indicators that change with it, by `when` too."""
    found: dict[str, list[int]] = {}
    for place, line in enumerate(indicators):
        tested = [leaf.code for _, leaf in leaves(line.when) if isinstance(leaf, CodeIs)]
        for code in dict.fromkeys([line.reads, *tested]):
            if code is not None:
                found.setdefault(code, []).append(place)
    return {code: tuple(places) for code, places in found.items()}


def age_readers(indicators: Iterable[Indicator]) -> tuple[int, ...]:
    """The places of the indicators that change with the child's age."""
    return tuple(
        place
        for place, line in enumerate(indicators)
        if isinstance(line.answer, Age)
        or any(isinstance(leaf, AgeBelow) for _, leaf in leaves(line.when))
    )


def watched(indicators: Iterable[Indicator], floors: Iterable[Floor | None]) -> frozenset[str]:
    """The codes a floor tests, and those it reads again for a `within` of its own."""
    conditions = [leaf for floor in floors if floor for _, leaf in leaves(floor.when)]
    aged = [leaf for leaf in conditions if isinstance(leaf, Present) and leaf.within]
    codes = {leaf.code for leaf in conditions if isinstance(leaf, CodeIs)}
    for line in indicators:
        if line.reads and any(
            line.id in leaf.indicators or line.kind == leaf.kind for leaf in aged
        ):
            codes.add(line.reads)
    return frozenset(codes)


def band_starts(bands: Iterable[Band | None]) -> tuple[tuple[int, int], ...]:
    """(least points, place) of the bands that points reach."""
    return tuple(
        (band.from_, place)
        for place, band in enumerate(bands)
        if band is not None and band.from_ is not None
    )


def read_code(line: Indicator) -> ReadCode:
    held_by = frozenset(line.held_by)
    if isinstance(line.answer, Choice):
        return ReadCode("choice", frozenset(line.answer.options), held_by)
    if isinstance(line.answer, Number):
        return ReadCode("number", frozenset(), held_by)
    return ReadCode("yes_no", frozenset(), held_by)
