"""Where the time of a stored score goes within the worker, called in process.

The functions that do the work are timed as they are called, so none may call another of them.
"""

import tempfile
from collections import defaultdict
from pathlib import Path

from sqlalchemy import Connection

from bench.intake import updates
from bench.showing import show, timed
from bench.stages import Stages, Times, clocks, push
from services.scoring.service import storing
from services.scoring.service.storing import AT_ONCE, Worker
from shared.storage.writing import Writing
from tests.support.api import fresh_urn
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql
from tests.support.scoring import scoring_in_force
from tests.support.service import SettableClock

CHILDREN, WARM, ROUNDS = 200, 3, 10
"""Each round says five more things about every child."""
REST = "the rest: the loop over the children, the transaction"

STAGES: Stages = {
    "what is in force, and which feeds are silent": [
        (storing, "read_primary"),
        (storing, "all_versions"),
        (storing, "last_turn_position"),
        (storing, "known_feeds"),
    ],
    "some who are due, locked": [(storing, "lock_some_due")],
    "their last scores": [(storing, "latest_scores"), (storing, "standing_of")],
    "evidence, of now and behind the last score": [
        (storing, "evidence_now"),
        (storing, "evidence_behind"),
    ],
    "the score": [(storing, "score")],
    "the day to look again": [(storing, "look_again_on")],
    "what is said of it: the document": [(storing, "as_document")],
    "compared with the last": [(storing, "is_equal")],
    "what changed it": [(storing, "attribute"), (storing, "main_cause")],
    "its spelling": [(storing, "spell")],
    "the rating, with digests": [(storing, "tell_score")],
    "stored; no longer due": [
        (storing, "add_scores"),
        (storing, "put_standings"),
        (storing, "clear_due"),
        (storing, "no_longer_apart"),
    ],
    "journal": [(Writing, "close_journal")],
    "commit": [(Connection, "_commit_impl")],
}


def main() -> None:
    """Print one table: microseconds a score, by stage and database."""
    with tempfile.TemporaryDirectory() as name:
        on_sqlite = measured(SqliteDatabases(Path(name)))
    with running_postgresql() as cluster:
        on_postgresql = measured(PostgresqlDatabases(cluster))
    show("| stage | SQLite us | PostgreSQL us |")
    show("|---|---|---|")
    for stage in [*STAGES, REST]:
        show(f"| {stage} | {on_sqlite[stage]:.0f} | {on_postgresql[stage]:.0f} |")
    sums = [sum(found.values()) for found in (on_sqlite, on_postgresql)]
    show("| a stored score | {:.0f} | {:.0f} |".format(*sums))


def measured(databases: Databases) -> dict[str, float]:
    """The lowest time of each stage over some turns of the worker, so that other work on the
    machine counts as little as can be; a turn's time, shared by its children."""
    scoring = scoring_in_force(databases, SettableClock())
    urns = [fresh_urn() for _ in range(CHILDREN)]
    for urn in urns:
        scoring.child(("police_urn", urn))
    police, worker = scoring.police(), scoring.worker()
    while worker.work():
        pass
    found: Times = defaultdict(list)
    for number in range(WARM + ROUNDS):
        push(police, updates(urns))
        for _ in range(CHILDREN // AT_ONCE):
            with clocks(STAGES) as spent:
                whole = timed(lambda: turn(worker))
            if number >= WARM:
                for stage in STAGES:
                    found[stage].append(spent[stage])
                found[REST].append(whole - sum(spent.values()))
    return {stage: min(times) * 1_000_000 / AT_ONCE for stage, times in found.items()}


def turn(worker: Worker) -> None:
    """The worker's share of children at once."""
    assert worker.work() == AT_ONCE


if __name__ == "__main__":
    main()
