"""`amber model check`, `score`, `diff` and `schema`, as a person types them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli.model.command import app
from tests.domain.scoring.builders import SHIPPED
from tests.domain.scoring.small import SMALL

FAULTS = "tests/domain/scoring/twelve_faults.yaml"
SERAF = str(SHIPPED / "seraf" / "1.0.yaml")
CASE = """\
as_of: 2026-06-01
child: {date_of_birth: 2012-01-01}
given: [{code: missing_episode, answer: yes, observed_on: 2026-05-01}]
"""


def run(*words: str) -> Result:
    return CliRunner().invoke(app, [*words])


@pytest.fixture
def small(tmp_path: Path) -> str:
    file = tmp_path / "1.0.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return str(file)


def case(tmp_path: Path, text: str) -> str:
    file = tmp_path / "case.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_all_shipped_models_are_sound() -> None:
    result = run("check", *(str(file) for file in sorted(SHIPPED.glob("*/*.yaml"))))

    assert result.exit_code == 0, result.output
    assert result.output.count("ok ") == len(list(SHIPPED.glob("*/*.yaml"))) >= 2


def test_twelve_planted_faults_are_all_found_at_once_with_their_lines() -> None:
    result = run("check", SERAF, FAULTS)

    assert result.exit_code == 1
    sound, refused, *problems = result.output.splitlines()
    assert sound.startswith("ok ")
    assert refused.endswith("12 problems")
    found = [(line.split(":")[1], line.split(": ", 1)[1]) for line in problems]
    assert found == [
        ("5", "write a reason of 20 to 4000 characters"),
        ("6", "write a date that exists, as YYYY-MM-DD, from 1900-01-01 to 2199-12-31"),
        ("14", 'write "5" in quotes'),
        ("20", "`ponts` is not a key here; did you mean `points`?"),
        ("27", "ranges meet: `from` is the `below` of the range before"),
        ("28", "`days_missed` stands here a second time, first on line 22: keep one"),
        (
            "33",
            "`household_income` is never scored: it is kept only to report disparity; remove it",
        ),
        ("37", "there is no group `homes`"),
        ("38", "only `kind: protective` may have points below 0"),
        ("46", "bands rise: begin above `low`"),
        ("48", "there is no band `hihg`; did you mean `high`?"),
        ("53", "`true` is refused: the words are `yes` and `no`; write a line of text"),
    ]


def test_a_file_that_is_no_text_is_one_line_beside_the_others(tmp_path: Path, small: str) -> None:
    odd = tmp_path / "odd.yaml"
    odd.write_bytes(b"schema: riskmodel/1\ntitle: caf\xe9\n")
    result = run("check", FAULTS, str(odd), small)
    assert result.exit_code == 1
    assert f"refused  {odd}  1 problems" in result.output
    assert f"ok       {small}" in result.output
    assert f"{odd}:2:11" in result.output
    scored = run("score", small, "--case", str(odd))
    assert (scored.exit_code, "not UTF-8 text" in scored.output) == (1, True)


def test_a_case_is_scored_with_a_reason_for_each_point(tmp_path: Path, small: str) -> None:
    result = run("score", small, "--case", case(tmp_path, CASE))

    assert result.exit_code == 0, result.output
    assert "5 points (5 to 7.5), band low (low to high)" in " ".join(result.output.split())
    assert "Falls to" not in result.output


def test_a_case_is_scored_as_json(tmp_path: Path, small: str) -> None:
    result = run("score", small, "--json", "--case", case(tmp_path, CASE))

    answer = json.loads(result.output)
    assert answer["total"] == "5"
    assert [change["on"] for change in answer["forecast"]] == ["2026-11-01", "2027-05-01"]
    assert answer["nearest_change"]["answer"] == "yes"


def test_a_case_that_expects_another_answer_fails(tmp_path: Path, small: str) -> None:
    result = run("score", small, "--case", case(tmp_path, CASE + 'expect: {total: "4"}\n'))

    assert result.exit_code == 1
    assert "total is 5, not 4" in result.output


def test_two_versions_are_compared(tmp_path: Path, small: str) -> None:
    other = tmp_path / "1.1.yaml"
    other.write_text(SMALL.replace("A small model", "Another"), encoding="utf-8")

    assert run("diff", small, str(other)).output == "title: “A small model” → “Another”\n"
    assert run("diff", small, small).output == "no difference\n"


def test_two_versions_that_say_the_same_in_another_order_have_another_hash(
    tmp_path: Path, small: str
) -> None:
    other = tmp_path / "1.1.yaml"
    text = SMALL.replace("[health, social_care]", "[social_care, health]")
    other.write_text(text, encoding="utf-8")

    result = run("diff", small, str(other))

    assert result.output == "no difference in what they say, only in order or spacing\n"


def test_the_committed_schema_is_the_one_the_code_makes() -> None:
    committed = Path("docs/riskmodel-1.schema.json").read_text(encoding="utf-8")

    assert run("schema").output == committed
