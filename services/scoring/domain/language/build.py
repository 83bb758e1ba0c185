"""Canonical values to the frozen model. Every value given here has been read without a problem."""

from collections.abc import Callable, Mapping
from datetime import date

from services.scoring.domain import amounts
from services.scoring.domain.attainable import least_and_most
from services.scoring.domain.dates import Duration, parse_duration
from services.scoring.domain.evidence import Evidence, Observation
from services.scoring.domain.language.findings import Json
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
    least, most = least_and_most(answer)
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
        least=least,
        most=most,
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
    return Count(weights, duration(value.get("within")), absence(value))


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
