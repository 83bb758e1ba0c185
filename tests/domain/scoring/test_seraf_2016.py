"""SERAF's form of 2016 beside the rule before it: a shorter look back, and a disability."""

from datetime import date

import pytest

from services.scoring.domain.engine.score import score
from services.scoring.domain.model import Model
from tests.domain.scoring.builders import evidence, seen, shipped

BEFORE, AFTER = shipped("seraf/1.0.yaml").model, shipped("seraf/2.0.yaml").model
TODAY = date(2021, 6, 1)
VULNERABILITIES = (
    "emotional_neglect",
    "physical_abuse",
    "sexual_abuse",
    "family_breakdown",
    "domestic_abuse_in_family",
)


def band(model: Model, *more: tuple[str, str]) -> str | None:
    said = [seen(code, "yes", "2018-03-10") for code in VULNERABILITIES]
    said += [seen(code, "yes", day) for code, day in more]
    return score(model, evidence(*said), TODAY).band


@pytest.mark.parametrize(
    ("more", "before", "after"),
    [
        ((("out_late", "2021-02-01"),), "category_2", "category_1"),
        ((("out_late", "2021-03-01"),), "category_2", "category_1"),
        ((("out_late", "2021-03-02"),), "category_2", "category_2"),
        (
            (("out_late", "2021-02-01"), ("disability", "2018-01-01")),
            "category_2",
            "category_2",
        ),
    ],
)
def test_the_same_child_under_the_rule_before_and_the_form_of_2016(
    more: tuple[tuple[str, str], ...], before: str, after: str
) -> None:
    assert (band(BEFORE, *more), band(AFTER, *more)) == (before, after)
