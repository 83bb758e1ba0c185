"""Indicator updates through the gateway against a bare bulk insert of the same rows.

Both in this run, on the same machine, into the same kind of database; the ratio is what counts.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert

from services.scoring.tables import child, observation, receipt
from shared.clock import system_clock
from shared.ids import new_id
from shared.storage.database import open_database
from tests.support.api import Outside, fresh_urn
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql
from tests.support.trackers import in_process, three_processes

BATCH, ROUNDS, CHILDREN = 1000, 7, 200


def main() -> None:
    """Print one row a database: rates, their ratio, and the spread."""
    show("| database | through the gateway /s | bulk insert /s | ratio | spread of the ratio |")
    show("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with in_process(folder / "var") as tracker:
            bare = SqliteDatabases(folder).fresh("scoring")
            report("SQLite, one process", tracker, bare)
        with running_postgresql() as cluster:
            databases = PostgresqlDatabases(cluster)
            (folder / "three").mkdir()
            with three_processes(databases, folder / "three") as tracker:
                report("PostgreSQL, three processes", tracker, databases.fresh("scoring"))


def report(name: str, tracker: Outside, url: str) -> None:
    """Time both in turns, so that the machine's moods hit both alike."""
    urns = [refer(tracker) for _ in range(CHILDREN)]
    with bulk_inserts(url) as insert_batch:
        push(tracker, urns)
        insert_batch()
        pairs = [(timed(lambda: push(tracker, urns)), timed(insert_batch)) for _ in range(ROUNDS)]
    ratios = sorted(bare / through for through, bare in pairs)
    through = statistics.median(through for through, _ in pairs)
    bare = statistics.median(bare for _, bare in pairs)
    show(
        f"| {name} | {BATCH / through:,.0f} | {BATCH / bare:,.0f}"
        f" | {statistics.median(ratios):.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} |"
    )


def timed(work: Callable[[], None]) -> float:
    """Seconds of wall time."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def refer(tracker: Outside) -> str:
    """A new child; returns its police URN."""
    urn = fresh_urn()
    referral = {
        "type": "cse",
        "source": "6",
        "received_on": "2026-01-05",
        "child": {"identifiers": [{"type": "police_urn", "value": urn}]},
    }
    answer = tracker.call("council-case-system", "POST", "/v1/referrals", referral)
    assert answer.status_code == 201, answer.text
    return urn


def push(tracker: Outside, urns: list[str]) -> None:
    """One batch of fresh updates."""
    items = [
        {
            "source_ref": uuid4().hex,
            "revision": 1,
            "child": {"identifiers": [{"type": "police_urn", "value": urns[n % len(urns)]}]},
            "code": "missing_episode",
            "answer": "yes",
            "observed_on": "2026-01-04",
        }
        for n in range(BATCH)
    ]
    answer = tracker.call("police-feed", "POST", "/v1/indicator-updates", items)
    assert answer.status_code == 200, answer.text


@contextmanager
def bulk_inserts(url: str) -> Iterator[Callable[[], None]]:
    """SQLAlchemy Core's own bulk insert of such rows, and nothing else."""
    engine = open_database(url)
    children = [new_id() for _ in range(CHILDREN)]
    with engine.begin() as connection:
        facts = {"team": None, "restricted": False, "staff_relative": False}
        connection.execute(insert(child), [{"child_id": one, **facts} for one in children])
        connection.execute(
            insert(receipt).values(
                receipt_id=(receipt_id := new_id()),
                entry_id=new_id(),
                client_id="bench",
                received_at=system_clock(),
                results="[]",
            )
        )

    def insert_batch() -> None:
        rows: list[dict[str, Any]] = [
            {
                "source": "police-feed",
                "source_ref": uuid4().hex,
                "revision": 1,
                "child_id": children[n % CHILDREN],
                "agency": "police",
                "code": "missing_episode",
                "answer": "yes",
                "observed_on": date(2026, 1, 4),
                "observed_until": None,
                "incident_ref": None,
                "sequence": None,
                "note_ref": None,
                "handling": None,
                "retracted": False,
                "content_digest": "0" * 64,
                "first_result": "recorded",
                "receipt_id": receipt_id,
                "entry_id": new_id(),
            }
            for n in range(BATCH)
        ]
        with engine.begin() as connection:
            connection.execute(insert(observation), rows)

    yield insert_batch
    engine.dispose()


def show(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
