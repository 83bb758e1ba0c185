"""The language as JSON Schema (2020-12), so that an editor completes and checks a model file.

It says what shape a file has. That names resolve, ranges meet, bands rise and golden cases pass is
said by `amber model check` alone.
"""

from services.scoring.domain.language.findings import Json
from services.scoring.domain.language.grammar import DOCUMENT
from services.scoring.domain.language.indicators import CONDITION, FLOOR_CONDITION


def json_schema() -> dict[str, Json]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "riskmodel-1.schema.json",
        "title": "riskmodel/1",
        "description": "The weights of a risk model, one file a version. See docs/authoring.md.",
        **DOCUMENT.schema(),
        "$defs": {each.name: each.definition() for each in (CONDITION, FLOOR_CONDITION)},
    }
