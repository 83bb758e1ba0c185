"""`amber model export`, `changes`, `card`, `practice`: what a tracker knows of a version."""

import json
import sys
from typing import Annotated, Any
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.cli import options
from services.cli.model.assessing import WITHHELD
from services.cli.model.life import Model, Version
from services.cli.model.tracker import speaking, version_path

AsJson = Annotated[bool, typer.Option("--json", help="the tracker's answer as JSON")]


def export_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Print the document of a version byte for byte, as its author submitted it. `amber model
    check` says of the file which document hash it has."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        typer.echo(tracker.text(f"{version_path(model, version)}/document"), nl=False)


def card_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Print the model card of a version (Markdown), for anybody to read."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        typer.echo(tracker.text(f"{version_path(model, version)}/card"))


def changes_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Version,
    url: options.Url,
    against: Annotated[
        str | None, typer.Option(help="another version; left out: the one in force today")
    ] = None,
    as_json: AsJson = False,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Say what a version changes, line by line, against the one in force."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        asked = "" if against is None else f"?against={quote(against, safe='')}"
        found = tracker.get(f"{version_path(model, version)}/diff{asked}")
        if as_json:
            typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        else:
            show_changes(found)


def practice_command(  # noqa: PLR0913  # each is an option of the command
    model: Model,
    version: Annotated[str, typer.Argument(help="a version's name, or a draft's")],
    url: options.Url,
    as_json: AsJson = False,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Say what practice says of each indicator of a version or draft: how often scores were judged
    otherwise, and what practitioners write of it."""
    with speaking(url, credentials, client_id, secret_file) as tracker:
        found = tracker.look(f"{version_path(model, version)}/practice")
        if found is None:
            found = tracker.get(version_path(model, version, "drafts"))["practice"]
        if as_json:
            typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
        elif found is None:
            typer.echo("The draft has problems: its indicators can't be told yet.")
        else:
            show_practice(found)


def show_changes(found: dict[str, Any]) -> None:
    """What a version changes, as a person reads it."""
    if found["against"] is None:
        typer.echo("no version in force to compare with")
        return
    number = len(found["items"])
    typer.echo(f"against {found['against']}: {number} change{'' if number == 1 else 's'}")
    for each in found["items"]:
        typer.echo(f"  {each['text']}")


def show_practice(found: dict[str, Any]) -> None:
    """What practice says, a line an indicator and a line a comment."""
    under = found["counted_under"]
    typer.echo(f"judgements of scores under {under}" if under else "no version in force")
    table = Table("indicator", "judged", "otherwise", "comments", box=None)
    for each in found["indicators"]:
        numbers = (_number(each, name) for name in ("judged", "otherwise"))
        table.add_row(each["indicator"], *numbers, Text("\n".join(map(_said, each["comments"]))))
    Console(file=sys.stdout).print(table)


def _number(indicator: dict[str, Any], name: str) -> str:
    number = indicator[name]
    return WITHHELD if number is None else str(number)


def _said(comment: dict[str, Any]) -> str:
    who = f" {comment['by']}" if comment["by"] else ""
    return f"{comment['at'][:10]}{who} on {comment['version']}: {comment['comment']}"
