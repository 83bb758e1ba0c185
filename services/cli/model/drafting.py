"""`amber model save`, `submit`, `drafts`: what an author writes, until its content stands still."""

import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from rich.console import Console
from rich.table import Table

from services.cli import options
from services.cli.model.life import Model, Reason, tell
from services.cli.model.tracker import MISTAKE, REFUSED, Tracker, speaking, version_path

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="a model file")]
OfModel = Annotated[str, typer.Option("--model", help="the model's name")]
NewVersion = Annotated[str, typer.Option("--version", help="the new version's name, e.g. 1.1")]


def save_command(  # noqa: PLR0913  # each is an option of the command
    file: File,
    model: OfModel,
    version: NewVersion,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Save a model file as your draft, sound or not, for others to read before you submit it.

    Exit codes: 0 saved, and sound; 1 saved, with every problem, or refused; 2 an option is wrong;
    3 no answer.
    """
    text = _text(file)
    with speaking(url, credentials, client_id, secret_file) as tracker:
        document_hash = _save(tracker, file, version_path(model, version, "drafts"), text)
        typer.echo(f"{model} {version}: draft\ndocument {document_hash}")


def submit_command(  # noqa: PLR0913  # each is an option of the command
    file: File,
    model: OfModel,
    version: NewVersion,
    reason: Reason,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """Submit a model file as a new version, for another person to approve.

    Exit codes: 0 done; 1 refused, with every problem; 2 an option is wrong; 3 no answer.
    """
    text = _text(file)
    with speaking(url, credentials, client_id, secret_file) as tracker:
        draft = version_path(model, version, "drafts")
        _save(tracker, file, draft, text)
        tell(tracker.send("POST", f"{draft}/submission", {"reason": reason}))


def drafts_command(
    model: Model,
    url: options.Url,
    credentials: options.Credentials = None,
    client_id: options.ClientId = None,
    secret_file: options.SecretFile = None,
) -> None:
    """List what is being written, and by whom."""
    table = Table("version", "who", "saved", box=None)
    with speaking(url, credentials, client_id, secret_file) as tracker:
        for page in tracker.pages(f"/v1/models/{quote(model, safe='')}/drafts?limit=200"):
            for each in page["items"]:
                table.add_row(each["version"], each["author_person_id"] or "", each["saved_at"])
    Console(file=sys.stdout).print(table)


def _save(tracker: Tracker, file: Path, draft: str, text: str) -> str:
    """Save a draft, in place of what it said. Returns the hash of its document; with problems in it
    the command ends."""
    saved = tracker.send("PUT", draft, {"document": text}, tracker.tag(draft))
    for each in saved["problems"]:
        typer.echo(f"{file}:{each['line']}:{each['column']}: {each['message']}", err=True)
    if saved["problems"]:
        raise typer.Exit(REFUSED)
    return str(saved["document_hash"])


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()  # line ends as they are: it comes back byte for byte
    except UnicodeDecodeError:
        typer.echo(f"{file} is not UTF-8 text", err=True)
        raise typer.Exit(MISTAKE) from None
