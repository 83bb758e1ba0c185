"""SERAF 1.0 against the worked cases of its published guidance."""

from datetime import date

import pytest

from services.scoring.domain.engine.document import as_document
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Observation
from tests.domain.scoring.builders import evidence, seen, shipped

SERAF = shipped("seraf/1.0.yaml").model
BORN = date(2006, 1, 1)
AS_OF = date(2021, 6, 1)
LONG_AGO, NOW, EIGHT_MONTHS, THIRTEEN_MONTHS = (
    "2015-01-01",
    "2021-05-01",
    "2020-10-01",
    "2020-05-01",
)
VULNERABILITIES = [line.reads for line in SERAF.indicators if line.kind == "vulnerability"]
MODERATE = [line.reads for line in SERAF.indicators if line.kind == "risk" and line.most == 1]
SIGNIFICANT = [line.reads for line in SERAF.indicators if line.most == 6]


def yes(codes: list[str | None], number: int, on: str) -> list[Observation]:
    return [seen(str(code), "yes", on) for code in codes[:number]]


CASES = {
    "five vulnerabilities": (5, 0, 0, [], "5", "category_1"),
    "five vulnerabilities, one moderate": (5, 1, 0, [], "6", "category_2"),
    "three vulnerabilities, two moderate, one significant": (3, 2, 1, [], "10", "category_2"),
    "five vulnerabilities, one moderate, one significant": (5, 1, 1, [], "11", "category_3"),
    "one significant in both windows": (3, 3, 1, [EIGHT_MONTHS], "12", "category_3"),
    "two significant, five vulnerabilities": (5, 0, 2, [], "15", "category_3"),
    "two significant, six vulnerabilities": (6, 0, 2, [], "16", "category_4"),
    "three significant": (0, 0, 3, [], "15", "category_3"),
    "one significant eight months ago": (0, 0, 0, [EIGHT_MONTHS], "1", "category_1"),
    "one significant thirteen months ago": (0, 0, 0, [THIRTEEN_MONTHS], "0", "category_1"),
    "every vulnerability and no sign": (11, 0, 0, [], "11", "category_3"),
}


@pytest.mark.parametrize(
    ("vulnerabilities", "moderate", "significant", "older", "total", "band"),
    CASES.values(),
    ids=CASES.keys(),
)
def test_a_published_case_gives_its_published_total_and_category(
    vulnerabilities: int, moderate: int, significant: int, older: list[str], total: str, band: str
) -> None:
    given = [
        *yes(VULNERABILITIES, vulnerabilities, LONG_AGO),
        *yes(MODERATE, moderate, NOW),
        *yes(SIGNIFICANT, significant, NOW),
        *(seen(str(SIGNIFICANT[0]), "yes", on) for on in older),
    ]

    found = as_document(score(SERAF, evidence(*given, born=BORN), AS_OF))

    assert (found["total"], found["band"], found["status"]) == (total, band, "provisional")


def test_it_has_the_published_number_of_indicators_and_highest_total() -> None:
    assert (len(VULNERABILITIES), len(MODERATE), len(SIGNIFICANT)) == (11, 12, 7)
    assert sum(line.most for line in SERAF.indicators) == 65


def test_nothing_known_is_not_a_score_of_zero_but_anything_up_to_the_highest() -> None:
    found = as_document(score(SERAF, evidence(born=BORN), AS_OF))

    assert found["total"] == "0"
    assert found["interval"] == ["0", "65"]
    assert found["band_range"] == ["category_1", "category_4"]


def test_a_missing_episode_is_read_by_another_name() -> None:
    found = score(SERAF, evidence(seen("missing_episode", "yes", NOW), born=BORN), AS_OF)

    [line] = [each for each in found.contributions if each.points]
    assert line.indicator.id == "missing_overnight"
