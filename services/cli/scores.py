"""`amber scores verify`: stored equals derived, from rows, in a fresh process."""

import sys
from itertools import chain

import typer

from services.cli.existing import there
from services.scoring.service.comparing.compared import Compared
from services.scoring.service.comparing.judgements import compare_standing_judgements
from services.scoring.service.comparing.rows import compare_all
from services.scoring.service.comparing.standings import compare_standings
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.settings import DatabaseSettings
from services.scoring.store.database import open_scoring
from shared.clock import system_clock
from shared.starting import starting

app = typer.Typer(help="Stored scores.", no_args_is_help=True)


@app.callback()
def scores() -> None:
    """Stored scores."""


@app.command("verify")
def verify_command() -> None:
    """Compute every stored score again from stored rows and compare, to the letter;
    then compare the rows themselves, and receipts, with what the journal told of
    them; then, of every child that isn't due, the last score with what follows now,
    and which judgement stands.
    `amber audit verify` proves the journal.

    AMBER_DATABASE_URL names scoring's database. Exit 0: all follow from their
    inputs, all rows are as told. Exit 1: some aren't; each is named.
    """
    with starting():
        database = open_scoring(there(DatabaseSettings().database_url))
    checked = wrong = 0
    for replayed in verify_all(database, Weights()):
        checked += 1
        if not replayed.equal:
            wrong += 1
            differences = ", ".join(replayed.differences)
            typer.echo(f"score {replayed.stored.score_id} differs in: {differences}")
    told = changed = 0
    for compared in compare_all(database):
        told += 1
        if compared.differences:
            changed += 1
            typer.echo(_named(compared))
    stand = astray = 0
    for compared in chain(
        compare_standings(database, Weights(), system_clock),
        compare_standing_judgements(database, system_clock),
    ):
        stand += 1
        if compared.differences:
            astray += 1
            typer.echo(_named(compared))
    database.engine.dispose()
    typer.echo(f"{told} tellings of the journal checked, {changed} differ from the stored rows")
    typer.echo(f"{stand} standings of children checked, {astray} are not what follows now")
    typer.echo(f"{checked} stored scores checked, {wrong} do not follow from their inputs")
    if wrong or changed or astray:
        sys.exit(1)


def _named(compared: Compared) -> str:
    """By the place in the journal alone: what a row says may be about somebody."""
    differences = ", ".join(compared.differences)
    if compared.told is None:
        return f"{compared.table} of {compared.about} differs in: {differences}"
    place = f"journal position {compared.told.position} ({compared.told.kind})"
    return f"{compared.table} of {place} differs in: {differences}"
