"""`amber demo`: demonstration data for a tracker that runs in demo mode."""

import json
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.console import Console

from services.cli.demo.consumer import DemoError
from services.cli.demo.loading import load

app = typer.Typer(help="Demonstration data: no child in it is real.", no_args_is_help=True)


@app.callback()
def demo() -> None:
    """Demonstration data: no child in it is real."""


@app.command("load")
def load_command(
    url: Annotated[
        str, typer.Option(help="the tracker's gateway; it has to run in demo mode")
    ] = "http://127.0.0.1:8000",
    credentials: Annotated[
        Path, typer.Option(help="the file of secrets that the tracker wrote")
    ] = Path("var/demo-credentials.json"),
) -> None:
    """Load the year of the published report and some 200 children, through the API.

    Loading again changes nothing; a load that was cut off goes on where it stood. Exit code: 0 the
    data is there, 1 the tracker can't be reached or refused something, 2 a wrong option.
    """
    secrets = _read(credentials)
    try:
        loaded = load(url, secrets, Console())
    except DemoError as refused:
        raise _failed(f"The demonstration data was not loaded: {refused}") from None
    except httpx.InvalidURL:
        raise typer.BadParameter(
            "write it as in http://127.0.0.1:8000", param_hint="--url"
        ) from None
    except httpx.HTTPError as error:
        raise _failed(
            f"No answer from {url} ({type(error).__name__}). Is the tracker running? Start it with "
            "`make run`, or say where it is with --url."
        ) from None
    done = "was there already" if loaded.before else "is loaded"
    typer.echo(f"The demonstration data {done}. A child to look at: {loaded.child_id}")


def _read(path: Path) -> dict[str, dict[str, Any]]:
    try:
        found: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise _failed(
            f"{path} can't be read as the file of demo credentials. `make run` writes it to "
            "var/demo-credentials.json; say where it is with --credentials."
        ) from None
    return found


def _failed(message: str) -> typer.Exit:
    typer.echo(message, err=True)
    return typer.Exit(1)
