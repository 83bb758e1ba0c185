"""The drills at length, on processes and a PostgreSQL of their own."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from shared.clock import system_clock
from shared.domain.london import london_date
from tests.drills.changing import kill_while_it_changes
from tests.drills.doubling import through_both
from tests.drills.killing import kill_at_boundaries
from tests.drills.outage import gone_for
from tests.drills.replaying import TURNS, replay_after_changes
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import PostgreSQL, running_postgresql
from tests.support.scoring import scoring_in_force
from tests.support.service import SettableClock
from tests.support.trackers import Deployed, deployed

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Seed = Annotated[int | None, typer.Option(help="of an earlier run, to repeat it")]


@app.command()
def kill(
    points: Annotated[int, typer.Option(min=1, help="how many kills")] = 100, seed: Seed = None
) -> None:
    """Kill scoring with -9 at random boundaries of its journal, while batches come in and every
    score is computed anew."""
    chosen = _seed(seed)
    with _tracker() as (_, services):
        _tell(kill_at_boundaries(services, points, chosen, _today(), typer.echo))


@app.command()
def change(
    children: Annotated[int, typer.Option(min=20, help="how many")] = 2000,
    kills: Annotated[int, typer.Option(min=1, help="how many, of each")] = 20,
    seed: Seed = None,
) -> None:
    """Kill scoring with -9 while a version of the weights is assessed, and while it comes into
    force."""
    chosen = _seed(seed)
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as cluster:
        databases = PostgresqlDatabases(cluster)
        found = kill_while_it_changes(databases, Path(folder), children, kills, chosen, typer.echo)
        typer.echo(", ".join(f"{number} {name}" for name, number in found.items()))
        typer.echo("nobody scored twice or left out, the chain whole, stored equals derived")


@app.command()
def gone(
    seconds: Annotated[float, typer.Option(min=1, help="for how long")] = 30, seed: Seed = None
) -> None:
    """Kill the database while batches come in, and start it again."""
    chosen = _seed(seed)
    with _tracker() as (cluster, services):
        _tell(gone_for(services, cluster, seconds, chosen, _today()))


@app.command()
def double(
    batches: Annotated[int, typer.Option(min=1, help="how many")] = 100, seed: Seed = None
) -> None:
    """Send every batch at once through two gateways to two scoring processes on one database."""
    chosen = _seed(seed)
    with _tracker() as (_, services):
        _tell(through_both(services, batches, chosen, _today()))


@app.command()
def replay(
    scores: Annotated[int, typer.Option(min=TURNS, help="how many, at least")] = 1000,
) -> None:
    """Change the weights three times, and the evidence with them; replay every stored score, on
    both databases."""
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as cluster:
        for databases in (SqliteDatabases(Path(folder)), PostgresqlDatabases(cluster)):
            scoring = scoring_in_force(databases, SettableClock())
            replayed = replay_after_changes(scoring, -(-scores // TURNS) + 1)
            wrong = [one.stored.score_id for one in replayed if not one.equal]
            scoring.service.database.engine.dispose()
            versions = len({one.stored.version for one in replayed})
            typer.echo(
                f"{databases.kind}: {len(replayed)} stored scores under {versions} versions,"
                f" {len(wrong)} that don't follow from their inputs"
            )
            assert len(replayed) >= scores
            assert not wrong


@contextmanager
def _tracker() -> Iterator[tuple[PostgreSQL, Deployed]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgresql() as cluster,
        deployed(PostgresqlDatabases(cluster), Path(folder), migrate=False) as services,
    ):
        yield cluster, services


def _seed(seed: int | None) -> int:
    chosen = random.randrange(10**6) if seed is None else seed  # noqa: S311  # no secret
    typer.echo(f"seed {chosen}")
    return chosen


def _today() -> date:
    return london_date(system_clock())


def _tell(found: dict[str, int]) -> None:
    typer.echo(", ".join(f"{number} {name}" for name, number in found.items()))
    typer.echo("nothing lost, nothing doubled, the chain whole, stored equals derived")


if __name__ == "__main__":
    app()
