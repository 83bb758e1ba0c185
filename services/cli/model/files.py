"""`amber model check`, `score`, `diff`, `schema`: the weights from their files; needs no server."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

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
from services.scoring.domain.problems import ModelRefused, Problem
from services.scoring.domain.sentences import explain
from services.scoring.domain.validation.golden import check_case

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a model file")]
Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="model files")]


def check_command(files: Files) -> None:
    """Say of each file whether it is a sound model, and every problem it has."""
    problems: list[Problem] = []
    for file in files:
        try:
            loaded = read(file)
        except ModelRefused as refusal:
            typer.echo(f"refused  {file}  {len(refusal.problems)} problems")
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
    """Score one synthetic case; with `expect` in it, exit 1 if the answer is another."""
    try:
        model = read(file).model
        given = load_case(text_of(case), str(case))
    except ModelRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from refusal
    found = score(model, given.evidence, given.as_of)
    answer = full_answer(found)
    if as_json:
        typer.echo(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        show(answer, Console(file=sys.stdout))
    failures = list(check_case(model, given, as_document(found), ()))
    for failure in failures:
        typer.echo(failure.message, err=True)
    raise typer.Exit(1 if failures else 0)


def diff_command(before: File, after: File) -> None:
    """Say what changed between two versions, line by line."""
    try:
        old, new = read(before), read(after)
    except ModelRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from refusal
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


# A score in the terminal

Answer = dict[str, Any]


def full_answer(found: Score) -> Answer:
    return {
        **as_document(found),
        "forecast": forecast_document(found, forecast(found)),
        "nearest_change": nearest_document(found, nearest_change(found)),
    }


def show(answer: Answer, console: Console) -> None:
    console.print(headline(answer), markup=False)
    if answer["status_reason"]:
        console.print(sentence(answer["status_reason"]), markup=False)
    for floor in answer["floors"]:
        console.print(sentence(floor["reason"]), markup=False)
    console.print(reasons(answer))
    for each in answer["groups"]:
        if each["taken_away"] != "0":
            console.print(f"Group {each['group']}: {each['taken_away']} points", markup=False)
    ask = [unknown["indicator"] for unknown in answer["unknowns"] if unknown["could_change_band"]]
    if ask:
        console.print(f"Ask first: {', '.join(ask)}", markup=False)
    for change in [*answer["forecast"], answer["nearest_change"]]:
        if change:
            console.print(sentence(change["reason"]), markup=False)


def headline(answer: Answer) -> str:
    as_of = date.fromisoformat(answer["as_of"])
    if answer["total"] is None:
        return f"{answer['model']} as of {as_of}: not applicable"
    low, high = answer["interval"]
    lowest, highest = answer["band_range"]
    return (
        f"{answer['model']} as of {as_of}: {answer['total']} points ({low} to {high}), "
        f"band {answer['band']} ({lowest} to {highest}), {answer['status']}"
    )


def reasons(answer: Answer) -> Table:
    table = Table("indicator", "points", "reason", box=None, pad_edge=False)
    for each in answer["contributions"]:
        shown = each["points"] if each["state"] == "known" else each["state"].replace("_", " ")
        table.add_row(each["indicator"], shown, sentence(each["reason"]))
    return table


def sentence(reason: Answer) -> str:
    return explain(reason["code"], reason["params"])
