"""`amber scores verify`: stored equals derived, from rows, in a fresh process."""

import sys

import typer

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.settings import Settings
from services.scoring.store.database import open_scoring

app = typer.Typer(help="Stored scores.", no_args_is_help=True)


@app.callback()
def scores() -> None:
    """Stored scores."""


@app.command("verify")
def verify_command() -> None:
    """Compute every stored score again from stored rows and compare, to the letter.

    Settings come from the environment, as for the scoring service. Exit 0: all follow from their
    inputs. Exit 1: some don't; each is named.
    """
    database = open_scoring(Settings().database_url)
    checked = wrong = 0
    for replayed in verify_all(database, Weights()):
        checked += 1
        if not replayed.equal:
            wrong += 1
            differences = ", ".join(replayed.differences)
            typer.echo(f"score {replayed.stored.score_id} differs in: {differences}")
    database.engine.dispose()
    typer.echo(f"{checked} stored scores checked, {wrong} do not follow from their inputs")
    if wrong:
        sys.exit(1)
