"""`amber model check`, `score`, `diff`, `schema`: the weights from their files; needs no server."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from services.cli.model.score_table import show
from services.scoring.domain.diff.document import diff
from services.scoring.domain.engine.document import (
    as_document,
    forecast_document,
    nearest_document,
)
from services.scoring.domain.engine.forecast import forecast
from services.scoring.domain.engine.nearest import nearest_change
from services.scoring.domain.engine.score import Score, score
from services.scoring.domain.language.jsonschema import json_schema
from services.scoring.domain.loading import LoadedModel, load, load_case
from services.scoring.domain.model import GoldenCase
from services.scoring.domain.problems import Finding, ModelRefused, Problem
from services.scoring.domain.validation.golden import check_case

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a model file")]
Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="model files")]
Taken = TypeVar("Taken")


def check_command(files: Files) -> None:
    """Say of each file whether it is a sound model, and every problem it has.

    Exit codes: 0 all are sound; 1 one has a problem; 2 a file can't be read.
    """
    problems: list[Problem] = []
    for file in files:
        try:
            loaded = read(file)
        except ModelRefused as refusal:
            number = len(refusal.problems)
            typer.echo(f"refused  {file}  {number} problem{'' if number == 1 else 's'}")
            problems += refusal.problems
        else:
            typer.echo(f"ok       {file}  document {loaded.document_hash}")
    for problem in problems:
        typer.echo(str(problem))
    raise typer.Exit(1 if problems else 0)


def score_command(
    file: File,
    case: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="one case, as YAML")],
    as_json: Annotated[bool, typer.Option("--json", help="the full answer as JSON")] = False,
) -> None:
    """Score one synthetic case.

    Exit codes: 0 scored; 1 the model or the case has a problem, or the answer is another than its
    `expect`; 2 a file can't be read.
    """
    loaded, given = taken(read, file), taken(case_of, case)
    if loaded is None or given is None:
        raise typer.Exit(1)
    found = score(loaded.model, given.evidence, given.as_of)
    answer = full_answer(found)
    if as_json:
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        show(answer, sys.stdout)
    findings = list(check_case(loaded.model, given, as_document(found), ()))
    for finding in findings:
        typer.echo(failure(case, finding), err=True)
    raise typer.Exit(1 if findings else 0)


def diff_command(before: File, after: File) -> None:
    """Say what changed between two versions, line by line.

    Exit codes: 0 whatever changed; 1 a version has a problem; 2 a file can't be read.
    """
    old, new = taken(read, before), taken(read, after)
    if old is None or new is None:
        raise typer.Exit(1)
    differences = diff(old.document, new.document)
    for difference in differences:
        typer.echo(difference.text)
    if not differences:
        same = old.document_hash == new.document_hash
        beyond = "" if same else " in what they say, only in order or spacing"
        typer.echo(f"no difference{beyond}")


def schema_command() -> None:
    """Print the JSON Schema of the language, as committed in docs/."""
    typer.echo(json.dumps(json_schema(), indent=2))


def taken(take: Callable[[Path], Taken], file: Path) -> Taken | None:
    """What a file holds; or its problems are said, so that those of another can be said too."""
    try:
        return take(file)
    except ModelRefused as refusal:
        typer.echo(str(refusal), err=True)
        return None


def case_of(file: Path) -> GoldenCase:
    return load_case(text_of(file), str(file))


def read(file: Path) -> LoadedModel:
    return load(text_of(file), str(file))


def text_of(file: Path) -> str:
    content = file.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode().split("\n")
        place = len(before), len(before[-1]) + 1
        message = "not UTF-8 text: save the file as UTF-8"
        raise ModelRefused([Problem(str(file), *place, "", "syntax", message)]) from error


def full_answer(found: Score) -> dict[str, Any]:
    return {
        **as_document(found),
        "forecast": forecast_document(found, forecast(found)),
        "nearest_change": nearest_document(found, nearest_change(found)),
    }


def failure(case: Path, finding: Finding) -> str:
    """With its place: entries count from 1, as lines do."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in finding.path]
    return f"{case}: {' '.join(steps)}: {finding.message}"
