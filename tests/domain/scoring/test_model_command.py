"""`amber model check`, `score`, `diff` and `schema`, as a person types them."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from typer.testing import CliRunner, Result

from services.cli.model.command import app
from services.cli.model.files import full_answer
from services.cli.model.score_table import show
from services.scoring.domain.engine.score import score
from services.scoring.domain.evidence import Evidence
from services.scoring.domain.model import Model
from tests.domain.scoring.builders import SHIPPED
from tests.domain.scoring.random_models import DAY_ZERO, children, models
from tests.domain.scoring.small import SMALL

FAULTS = "tests/domain/scoring/twelve_faults.yaml"
SERAF = str(SHIPPED / "seraf" / "1.0.yaml")
CASE = """\
as_of: 2026-06-01
child: {date_of_birth: 2012-01-01}
given: [{code: missing_episode, answer: yes, observed_on: 2026-05-01}]
"""


def run(*words: str, columns: int = 200) -> Result:
    return CliRunner(env={"COLUMNS": str(columns)}).invoke(app, [*words])


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
        (
            "53",
            "`true` is refused: the words are `yes` and `no`; write yes, no, an option, or a "
            "number in quotes",
        ),
    ]


def test_a_file_that_is_no_text_is_one_line_beside_the_others(tmp_path: Path, small: str) -> None:
    odd = tmp_path / "odd.yaml"
    odd.write_bytes(b"schema: riskmodel/1\ntitle: caf\xe9\n")
    result = run("check", FAULTS, str(odd), small)
    assert result.exit_code == 1
    assert f"refused  {odd}  1 problem\n" in result.output
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


LITTLE_KNOWN = """\
as_of: 2026-06-01
child: {date_of_birth: 2012-01-01}
given:
  - {code: hurt, answer: yes, observed_on: 2026-05-01, source: health}
  - {code: hurt, answer: no, observed_on: 2026-05-01, source: police}
  - {code: missing_episode, answer: perhaps, observed_on: 2026-05-01}
stale: [police]
"""


def test_what_a_score_leaves_open_is_said_too(tmp_path: Path, small: str) -> None:
    result = run("score", small, "--case", case(tmp_path, LITTLE_KNOWN))

    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "small on 1 June 2026: 2.5 points (2.5 to 8.5), band high (high to high), provisional",
        "We know 1 of 2 things, so this may still change.",
        "Someone is hurt: the band is at least high.",
        "By points alone: band low.",
    ]
    for said in (
        "Answers of 1 May 2026 about hurt differ: “yes” (health), “no” (the police).",
        "This model does not know the answer “perhaps” of 1 May 2026 about missing episode: "
        "it counts as not known.",
        "News from the police has stopped coming.",
    ):
        assert said in lines
    assert result.exit_code == 1
    assert "case.yaml: given 3 answer: write yes, no or not_known" in result.stderr


def test_a_floor_that_may_hold_is_said_with_its_band(tmp_path: Path, small: str) -> None:
    result = run("score", small, "--case", case(tmp_path, CASE))

    assert "Not known yet: Someone is hurt (the band would be at least high)." in result.output


def test_a_score_without_a_band_says_so(tmp_path: Path) -> None:
    model = tmp_path / "1.0.yaml"
    rule = "completeness: {required: [hurt], min_known: 1, otherwise: incomplete}\nfloors:"
    text = SMALL.replace("floors:\n", f"{rule}\n").replace("band: low, band_range", "band_range")
    model.write_text(text.replace('"8.5"], band: high}', '"8.5"]}'), encoding="utf-8")
    result = run("score", str(model), "--case", case(tmp_path, CASE))

    assert "5 points (5 to 7.5), no band (low to high), incomplete" in result.output
    assert "What must be known and is not: hurt." in result.output


def test_where_a_model_does_not_apply_only_that_is_said(tmp_path: Path, small: str) -> None:
    unborn = "as_of: 2026-06-01\nchild: {date_of_birth: 2026-07-01}\n"
    result = run("score", small, "--case", case(tmp_path, unborn))

    assert result.output.splitlines()[:2] == [
        "small on 1 June 2026: not applicable",
        "On this day the child was not yet born.",
    ]
    assert "indicator" not in result.output


def from_the_guide(tmp_path: Path, name: str) -> str:
    guide = Path("docs/authoring.md").read_text(encoding="utf-8").split("```")
    [text] = [part.removeprefix("yaml\n") for part in guide if f"model: {name}\n" in part]
    file = tmp_path / "guide.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_where_an_age_matters_the_date_of_birth_is_asked_for(tmp_path: Path) -> None:
    model = from_the_guide(tmp_path, "ages")
    result = run("score", model, "--case", case(tmp_path, "as_of: 2026-06-01\n"))

    assert "Ask first: date of birth" in result.output.splitlines()


def test_what_a_group_takes_away_is_said_and_each_reason_has_its_points(tmp_path: Path) -> None:
    model = from_the_guide(tmp_path, "groups")
    told = """\
as_of: 2026-06-01
given:
  - {code: drugs, answer: yes, observed_on: 2026-05-01}
  - {code: alcohol, answer: yes, observed_on: 2026-05-01}
  - {code: physical_abuse, answer: yes, observed_on: 2015-05-01}
"""
    result = run("score", model, "--case", case(tmp_path, told), columns=100)

    _, _, *table, groups = [" ".join(line.split()) for line in result.output.splitlines()[:8]]
    assert table == [
        "indicator points reason",
        "alcohol 1 Drawn into drinking: the answer on 1 May 2026 was “yes”. 1 point.",
        "drugs 3 Drawn into drugs: the answer on 1 May 2026 was “yes”. 3 points.",
        "family breakdown unknown Family has come apart: nobody has told us yet. "
        "We could ask social care.",
        "physical abuse 2 Hurt in the past: at any time, last on 1 May 2015. 2 points.",
    ]
    assert groups == "Together, as substances: 4 points, of which 3 count."


def test_what_an_author_wrote_is_printed_as_it_stands(tmp_path: Path) -> None:
    model = tmp_path / "1.0.yaml"
    odd = "Missing [/i] from :house: [bold]home"
    model.write_text(SMALL.replace("Missing from home", f'"{odd}"'), encoding="utf-8")
    result = run("score", str(model), "--case", case(tmp_path, CASE))

    assert result.exit_code == 0, result.output
    assert odd in result.output


def test_in_a_narrow_terminal_no_name_is_cut(tmp_path: Path) -> None:
    model = str(SHIPPED / "child-exploitation" / "0.1.yaml")
    result = run("score", model, "--case", case(tmp_path, CASE), columns=40)

    assert result.exit_code == 0
    assert "…" not in result.output
    assert max(map(len, result.output.splitlines())) <= 40


@settings(max_examples=40, deadline=None)
@given(models, children())
def test_any_score_can_be_shown_in_words(model: Model, known: Evidence) -> None:
    out = StringIO()
    show(full_answer(score(model, known, DAY_ZERO)), out)

    assert not re.search(r"None|_|\{|\s1 points", out.getvalue())


@pytest.mark.parametrize("words", [("check",), ("diff", SERAF), ("score", SERAF, "--case")])
def test_a_file_that_is_not_there_is_a_mistake_of_the_command(words: tuple[str, ...]) -> None:
    for odd in ("nowhere.yaml", "tests"):
        assert run(*words, odd).exit_code == 2


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


def test_of_two_versions_with_problems_a_diff_names_the_problems_of_both(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(SMALL.replace('points: "5"', "points: 5"), encoding="utf-8")
    result = run("diff", FAULTS, str(other))
    assert result.exit_code == 1
    assert result.stderr.count(FAULTS) == 12
    assert f'{other}:16:38: write "5" in quotes' in result.stderr


def test_of_a_model_and_a_case_with_problems_a_score_names_the_problems_of_both(
    tmp_path: Path,
) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("as_of: 2026-06-31\n", encoding="utf-8")

    result = run("score", FAULTS, "--case", str(case))

    assert result.exit_code == 1
    assert result.stderr.count(FAULTS) == 12
    assert f"{case}:1:8: write a date that exists" in result.stderr
