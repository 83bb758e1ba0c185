"""The language as JSON Schema (2020-12), so that an editor completes and checks a model file.

It says what shape a file has, and what one value or kind rules out. `amber model check` alone says
that names resolve, ranges meet, bands rise and golden cases pass; and of one value what JSON can't
tell (`2.0` from `2`, a doubled key) or a pattern can't (29 February, characters of later times,
points finer than this model's `decimals`, windows that together fall below 0).
"""

from services.scoring.domain.language.findings import Json
from services.scoring.domain.language.grammar import DOCUMENT
from services.scoring.domain.language.indicators import CONDITION, FLOOR_CONDITION
from services.scoring.domain.language.scalars import VISIBLE
from services.scoring.domain.refused_codes import REFUSED_CODES


def json_schema() -> dict[str, Json]:
    conditions = {
        CONDITION.name: CONDITION.definition() | {"properties": CONDITIONS},
        FLOOR_CONDITION.name: FLOOR_CONDITION.definition() | {"properties": FLOOR_CONDITIONS},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "riskmodel-1.schema.json",
        "title": "riskmodel/1",
        "description": "The weights of a risk model, one file a version. See docs/authoring.md.",
        **DOCUMENT.schema(),
        "allOf": [{"properties": {"indicators": INDICATORS, "groups": GROUPS}}],
        "$defs": {**conditions, "visible": VISIBLE, "scored": SCORED},
    }


# What the checks beyond the shape refuse, where it can be seen in one value

ABOVE_0 = {"pattern": "[1-9]", "not": {"pattern": "^-"}}
NOT_BELOW_0 = {"not": {"pattern": "^-.*[1-9]"}}
NOTHING = {"not": {"pattern": "[1-9]"}}
SCORED = {"not": {"enum": sorted(REFUSED_CODES)}}


def points(rule: Json) -> Json:
    """Points of an indicator. Those of windows add up where these meet, so each may be any."""
    return {
        "points": rule,
        "ranges": {"items": {"properties": {"points": rule}}},
        "options": {"additionalProperties": rule},
    }


def has(key: str, word: str) -> Json:
    return {"properties": {key: {"const": word}}}


INDICATORS = {
    "propertyNames": {"$ref": "#/$defs/scored"},
    "additionalProperties": {
        "properties": {"reads": {"$ref": "#/$defs/scored"}, "each": ABOVE_0, "at_most": ABOVE_0},
        "allOf": [
            {"if": has("kind", "protective"), "else": {"properties": points(NOT_BELOW_0)}},
            {"if": has("kind", "context"), "then": {"properties": points(NOTHING)}},
            {"if": has("answer", "count"), "then": {"properties": points(NOT_BELOW_0)}},
        ],
    },
}
GROUPS = {"additionalProperties": {"properties": {"cap": ABOVE_0}}}
CONDITIONS = {"code": {"$ref": "#/$defs/scored"}}
FLOOR_CONDITIONS = {
    **CONDITIONS,
    "any_of": {"items": {"$ref": "#/$defs/scored"}},
    "single_points_from": ABOVE_0,
}
