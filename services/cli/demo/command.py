"""`amber demo`: demonstration data for a tracker that runs in demo mode."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.cli.client import RefusedError, UnreachableError
from services.cli.credentials import CredentialsError
from services.cli.demo.consumers import Consumers
from services.cli.demo.loading import DemoError, load

PATIENCE_SECONDS = 5
MISTAKE, UNREACHABLE, STOPPED = 2, 3, 130

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

    Loading again changes nothing; a load that was cut off goes on where it stood.

    Exit codes: 0 the data is there; 2 an option or the credentials are wrong, or the tracker
    refused something; 3 the tracker gave no answer; 130 stopped by Ctrl-C.
    """
    try:
        with closing(Consumers(url, credentials, PATIENCE_SECONDS)) as consumers:
            loaded = load(consumers, Console())
    except (CredentialsError, RefusedError, DemoError) as error:
        typer.echo(f"The demonstration data was not loaded. {error}", err=True)
        raise typer.Exit(MISTAKE) from None
    except UnreachableError as error:
        typer.echo(f"{error} Is the tracker running? `make run` starts one.", err=True)
        raise typer.Exit(UNREACHABLE) from None
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on from here.", err=True)
        raise typer.Exit(STOPPED) from None
    done = "was there already" if loaded.before else "is loaded"
    typer.echo(f"The demonstration data {done}. A child to look at: {loaded.child_id}")
