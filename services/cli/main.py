"""The `amber` command."""

import codecs
import json
import logging
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from services.cli import audit, init, migrations, openapi, scores, up
from services.cli.demo import command as demo
from services.cli.doctor.command import doctor_command
from services.cli.feed import command as feed
from services.cli.model import command as model

app = typer.Typer(
    help="Amber: referrals and weighted indicator scores for children who may be exploited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # lines of a paragraph flow
)

app.add_typer(demo.app, name="demo")
app.add_typer(model.app, name="model")
app.add_typer(scores.app, name="scores")
app.add_typer(audit.app, name="audit")
app.add_typer(feed.app, name="feed")
app.command("doctor")(doctor_command)


@app.command("up")
def up_command(
    port: Annotated[int, typer.Option(min=1, max=65535, help="listen on 127.0.0.1 here")] = 8000,
    data: Annotated[Path, typer.Option(help="folder for databases and demo secrets")] = Path("var"),
    demo: Annotated[
        bool, typer.Option("--demo/--no-demo", help="load the demonstration data, once")
    ] = True,
) -> None:
    """Run the whole tracker in one process, with demonstration data. Ctrl-C stops it."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    up.run(port, data.resolve(), demo=demo)


@app.command("init")
def init_command(
    demo: Annotated[
        bool, typer.Option("--demo", help="demo mode: consumers with random secrets")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="where the gateway listens")] = 8000,
    folder: Annotated[Path, typer.Option(help="root of the checkout")] = Path(),
) -> None:
    """Write .env and deploy/secrets/ for docker-compose: secrets made at random, mode 600.

    Exit codes: 0 written; 1 something is there already, or the folder is no checkout or can't be
    written to; 2 an option is wrong.
    """
    init.run(folder, port, demo=demo)


@app.command("migrate")
def migrate_command(
    service: Annotated[str, typer.Argument(help="gateway, referrals or scoring")],
) -> None:
    """Bring a service's database up to date; its settings come from the environment."""
    migrations.run(service)


@app.command("openapi")
def openapi_command(
    write: Annotated[Path, typer.Option(help="where to write the document")] = openapi.COMMITTED,
) -> None:
    """Write the OpenAPI document of the whole tracker, generated from its code."""
    openapi.write(write)


def main() -> NoReturn:
    """Entry point of the `amber` script."""
    codecs.register_error(ESCAPED, escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            say_any_character(stream)
    app()
    sys.exit(0)


def say_any_character(stream: TextIOWrapper) -> None:
    """ASCII is a locale that nobody has set: UTF-8 then, as `typer.echo` does by itself. A Windows
    code page stays, and what it hasn't is escaped."""
    is_ascii = codecs.lookup(stream.encoding).name == "ascii"
    stream.reconfigure(encoding="utf-8" if is_ascii else stream.encoding, errors=ESCAPED)


ESCAPED = "amber.escaped"


def escaped(error: UnicodeError) -> tuple[str, int]:
    """As JSON escapes it, so JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


if __name__ == "__main__":
    main()
