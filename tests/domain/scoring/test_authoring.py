"""The authoring guide is run: every model in it is sound, and together they show the language."""

import re
from pathlib import Path

import pytest

from services.scoring.domain.loading import load
from tests.domain.scoring.random_models import constructs

GUIDE = Path("docs/authoring.md").read_text(encoding="utf-8")
MODELS = re.findall(r"```yaml\n(schema: .*?)```", GUIDE, re.DOTALL)
NAMES = [re.findall(r"model: (.*)", text)[0] for text in MODELS]


@pytest.mark.parametrize("text", MODELS, ids=NAMES)
def test_a_model_of_the_guide_is_sound(text: str) -> None:
    load(text, "docs/authoring.md")


def test_the_guide_shows_every_construct() -> None:
    shown = {name for text in MODELS for name in constructs(load(text, "guide").document)}
    wanted = {
        "answer flag", "answer count", "answer choice", "answer number", "answer age", "applies",
        "kind harm", "kind risk", "kind vulnerability", "kind protective", "kind context",
        "combine sum", "combine max", "cap", "windows", "within", "absence", "each", "at_most",
        "ranges", "options", "when", "all", "any", "code", "age_below", "any_of", "kind",
        "single_points_from", "required", "min_known", "otherwise incomplete", "incident_ref",
        "observed_until", "source", "stale", "nearest", "interval", "band_range", "floors",
        "status",
    }  # fmt: skip

    assert wanted - shown == set()
