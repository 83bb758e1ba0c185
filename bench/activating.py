"""An activation of a whole population, with how far it is: minutes to hours, so apart from `make
bench`.

    python -m bench.activating [children] [sqlite|postgresql]

Left out: 100,000 children with 2,000,000 observations, on both databases. Filled in a few minutes;
then the first scores are stored under SERAF 1.0, its form of 2016 is assessed and approved, and on
its first day the worker stores every child's score again, with what made it change.
"""

import resource
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bench.assessing import (
    CANDIDATE,
    CHILDREN,
    IN_FORCE,
    OBSERVATIONS,
    Place,
    filled,
    on_its_first_day,
    put_in_force,
)
from bench.showing import progress, show, timed
from services.scoring.service.activating import read_activation
from services.scoring.service.steps import Which
from services.scoring.service.storing import Worker
from shared.clock import Clock, system_clock
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql

SAY_EVERY = 10.0
"""Seconds between two lines of progress."""


def main(children: int = CHILDREN, only: str = "") -> None:
    """Print a row a database."""
    show("| activation | children | observations | first s | assessed s | s | a second | MiB |")
    show("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as cluster:
        for databases in (SqliteDatabases(Path(folder)), PostgresqlDatabases(cluster)):
            if only in {"", databases.kind}:
                measured(databases, children)


def measured(databases: SqliteDatabases | PostgresqlDatabases, children: int) -> None:
    """Fill a database, and print its row."""
    progress(f"{databases.kind}: filling {children:,} children")
    with filled(databases, children) as place:
        first = timed(partial(activate, place, IN_FORCE, children, system_clock))
        progress(f"{databases.kind}: assessing the candidate")
        assessed = timed(partial(put_in_force, place, CANDIDATE))
        seconds = timed(partial(activate, place, CANDIDATE, children, on_its_first_day))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(
        f"| {databases.kind} | {children:,} | {children * OBSERVATIONS:,} | {first:.0f}"
        f" | {assessed:.0f} | {seconds:.0f} | {children / seconds:,.0f} | {peak:.0f} |"
    )


def activate(place: Place, which: Which, children: int, clock: Clock) -> None:
    """As the worker does it, until the activation is complete; says how far it is."""
    worker = Worker(place.database, place.weights, clock)
    began = said = time.monotonic()
    done = 0
    while some := worker.work():
        done += some
        now = time.monotonic()
        if now - said >= SAY_EVERY:
            said, rate = now, done / (now - began)
            left = (children - done) / rate
            progress(
                f"{which.model} {which.version}: {done:,} of {children:,},"
                f" {rate:,.0f} a second, {left:,.0f} s left"
            )
    with place.database.reading() as connection:
        found = read_activation(connection, which, clock())
    assert found.activation.completed_at, "complete only once scored + set apart = population"
    assert found.counted.scored == children


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else CHILDREN, *sys.argv[2:3])
