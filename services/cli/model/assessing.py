"""`amber model assess`, `movers`: who would stand in another band, before anybody approves."""

import sys
import time
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Column, Table

from services.cli import options
from services.cli.model.tracker import REFUSED, Tracker, speaking, version_path

LOOK_AGAIN_SECONDS = 0.5
NO_BAND, WITHHELD = "no band", "few"


def assess_command(  # noqa: PLR0913  # each is an option of the command
    model: Annotated[str, typer.Argument(help="the model's name, e.g. seraf")],
    version: Annotated[str, typer.Argument(help="the version's name, e.g. 1.0")],
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Have a version assessed over every child, and say what came out.

    Stopped with Ctrl-C, the tracker goes on; the same command then waits for what is under way.

    Exit codes: 0 assessed; 1 refused, or void; 2 an option is wrong; 3 no answer.
    """
    console = Console(file=sys.stdout)
    with speaking(url, credentials, client_id, secret_file) as tracker:
        place = f"{version_path(model, version)}/assessments"
        found = _running(tracker, place) or tracker.send("POST", place, {})
        while found["status"] == "running":
            time.sleep(LOOK_AGAIN_SECONDS)
            found = tracker.get(f"{place}/{found['assessment_id']}")
            typer.echo(progress(found), err=True)
        if found["status"] != "completed":
            typer.echo("Void: the population was another at the end; assess it again.", err=True)
            raise typer.Exit(REFUSED)
        show(found, console)


def movers_command(  # noqa: PLR0913  # each is an option of the command
    model: Annotated[str, typer.Argument(help="the model's name, e.g. seraf")],
    version: Annotated[str, typer.Argument(help="the version's name, e.g. 1.0")],
    url: options.Url,
    assessment: Annotated[str | None, typer.Option(help="left out: the latest one")] = None,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """List the children who would stand in another band, and what makes each one move."""
    console = Console(file=sys.stdout)
    with speaking(url, credentials, client_id, secret_file) as tracker:
        place = f"{version_path(model, version)}/assessments"
        if assessment is None:
            latest = tracker.get(f"{place}?limit=1")["items"]
            if not latest:
                typer.echo("This version hasn't been assessed.", err=True)
                raise typer.Exit(REFUSED)
            assessment = latest[0]["assessment_id"]
        table = Table(Column("child", no_wrap=True), "band", "points", "because", box=None)
        out_of_sight = 0
        for page in tracker.pages(f"{place}/{quote(assessment, safe='')}/movers?limit=200"):
            out_of_sight = page["out_of_sight"]
            for each in page["items"]:
                table.add_row(
                    each["child_id"],
                    f"{band(each['band_before'])} → {band(each['band_after'])}",
                    f"{each['total_before']} → {each['total_after']}",
                    ", ".join(because(each["because"])),
                )
        console.print(table)
        if out_of_sight:
            typer.echo(f"{out_of_sight} more whom you may not see")


def progress(found: dict[str, Any]) -> str:
    left = found["seconds_left"]
    more = "" if left is None else f", {found['per_second']:,.0f} a second, {left} s left"
    return f"{found['percent']} % of {found['population']:,} children{more}"


def show(found: dict[str, Any], console: Console) -> None:
    """What came out, as a person reads it."""
    figures = found["figures"]
    console.print(
        f"assessment {found['assessment_id']} of {found['model']} {found['version']},"
        f" document {found['document_hash']}",
        soft_wrap=True,
        markup=False,
        highlight=False,
    )
    if found["completed_at"] is None:
        console.print(f"{found['status']}, {progress(found)}", markup=False, highlight=False)
        return
    void = f", void now: {found['void'].replace('_', ' ')}" if found["void"] else ""
    console.print(
        f"as of {found['as_of']}, completed at {found['completed_at']}{void}",
        markup=False,
        highlight=False,
    )
    against = found["against"] or "none in force"
    console.print(
        f"{found['scored']} scored, {found['set_apart']} set apart, against {against}:"
        f" {WITHHELD if figures['movers'] is None else figures['movers']} would move",
        markup=False,
        highlight=False,
    )
    for dimension in dict.fromkeys(each["dimension"] for each in figures["cells"]):
        table = Table(dimension.replace("_", " "), "from", "to", "children", box=None)
        for each in figures["cells"]:
            if each["dimension"] == dimension:
                number = WITHHELD if each["children"] is None else str(each["children"])
                table.add_row(each["group"], band(each["before"]), band(each["after"]), number)
        console.print(table)
    for name, number in figures["near"].items():
        console.print(
            f"within one point of {name}: {WITHHELD if number is None else number}",
            markup=False,
            highlight=False,
        )
    if figures["never"]:
        console.print(f"no child has: {', '.join(figures['never'])}", markup=False)


def because(moved: list[dict[str, Any]]) -> Iterator[str]:
    for each in moved:
        values = f" {each['before'] or 0} → {each['after'] or 0}"
        yield f"{each['name'].replace('_', ' ')}{'' if each['what'] == 'rule' else values}"


def band(name: str | None) -> str:
    return name or NO_BAND


def _running(tracker: Tracker, place: str) -> dict[str, Any] | None:
    latest: list[dict[str, Any]] = tracker.get(f"{place}?limit=1")["items"]
    return latest[0] if latest and latest[0]["status"] == "running" else None
