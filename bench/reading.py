"""One child's score with reasons, as ever more is stored about other children.

The same child with the same evidence in databases of three sizes, read through the service in
turns: the ratio to the smallest is what counts. Then each database explains every statement of a
read: none may walk through a table that grows.
"""

import statistics
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, func, insert, select

from bench.showing import progress, show, timed
from services.scoring.tables import child, child_version, observation, receipt
from shared.ids import new_id
from shared.storage.writing import Writing
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.plans import statements_of, walked_by
from tests.support.postgresql import running_postgresql
from tests.support.scoring import ScoringUnderTest, scoring_in_force, update
from tests.support.service import SettableClock

SIZES = (1_000, 100_000, 1_000_000)
BATCH, A_CHILD, OWN = 1_000, 50, 12
"""Observations in a receipt, about each other child, and about the one that is read."""
ROUNDS, READS = 15, 20
MANY = 500
"""A table with more rows than this grows with what is stored."""

Read = Callable[[], object]


def main() -> None:
    """Print one row a database and size."""
    show("| database | observations stored | ms a read | spread | times the first |")
    show("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        report("SQLite", SqliteDatabases(Path(name)))
    with running_postgresql() as cluster:
        report("PostgreSQL", PostgresqlDatabases(cluster))


def report(name: str, databases: Databases) -> None:
    """Fill, read in turns, explain."""
    readers: dict[int, Read] = {}
    for size in SIZES:
        scoring = scoring_in_force(databases, SettableClock())
        child_id = a_child(scoring)
        fill(scoring, size, f"{name}, {size:,}")
        readers[size] = reader(scoring, child_id)
        if size > SIZES[0]:  # a table of a thousand is read sooner than its index
            require_indexes(scoring.service.database.engine, readers[size])
    medians: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size, read in readers.items():
            medians[size].append(statistics.median(timed(read) for _ in range(READS)))
    for size, found in medians.items():
        ratios = [one / first for one, first in zip(found, medians[SIZES[0]], strict=True)]
        show(
            f"| {name} | {size:,} | {statistics.median(found) * 1000:.1f}"
            f" | {min(found) * 1000:.1f} to {max(found) * 1000:.1f}"
            f" | {statistics.median(ratios):.2f} |"
        )


def a_child(scoring: ScoringUnderTest) -> UUID:
    """The child that is read, with its own evidence and its stored score."""
    child_id = scoring.child()
    said = [update(f"own-{n}", child_id, observed_on=f"2026-04-{n + 1:02}") for n in range(OWN)]
    assert scoring.police().post("/v1/indicator-updates", json=said).status_code == 200
    assert scoring.compute_all() == 1
    return child_id


def fill(scoring: ScoringUnderTest, size: int, what: str) -> None:
    """Store observations about other children, a receipt and a journal entry a batch."""
    database = scoring.service.database
    for done in range(0, size, BATCH):
        with database.writing(scoring.clock) as transaction:
            entry_id = transaction.record("bench.filled", {})
            receipt_id = add_receipt(transaction.connection, entry_id, scoring.clock)
            others = add_children(transaction, BATCH // A_CHILD)
            rows = [row(others[n % len(others)], n, receipt_id, entry_id) for n in range(BATCH)]
            transaction.connection.execute(insert(observation), rows)
        if (done + BATCH) % 100_000 == 0:
            progress(f"{what}: {done + BATCH:,} stored")
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")  # as its own daemon does, a little later


def add_receipt(connection: Connection, entry_id: UUID, clock: SettableClock) -> UUID:
    """An empty receipt."""
    receipt_id = new_id()
    connection.execute(
        insert(receipt).values(
            receipt_id=receipt_id,
            entry_id=entry_id,
            client_id="bench",
            received_at=clock(),
            results="[]",
        )
    )
    return receipt_id


def add_children(transaction: Writing, count: int) -> list[UUID]:
    """Children whom nobody reads."""
    others = [new_id() for _ in range(count)]
    facts = {"team": None, "restricted": False, "staff_relative": False}
    born = {"date_of_birth": date(2012, 1, 1), "date_of_birth_estimated": False}
    told = [transaction.record("bench.child", {}, child_id=one) for one in others]
    connection = transaction.connection
    connection.execute(insert(child), [{"child_id": one, **facts} for one in others])
    connection.execute(
        insert(child_version),
        [
            {"entry_id": entry_id, "child_id": one, **born}
            for one, entry_id in zip(others, told, strict=True)
        ],
    )
    return others


def row(child_id: UUID, n: int, receipt_id: UUID, entry_id: UUID) -> dict[str, Any]:
    """A row as the service would store it."""
    return {
        "source": "police-feed",
        "source_ref": new_id().hex,
        "revision": 1,
        "child_id": child_id,
        "agency": "police",
        "code": "missing_episode",
        "answer": "yes",
        "observed_on": date(2026, 5, 1) - timedelta(days=n),
        "retracted": False,
        "content_digest": "0" * 64,
        "first_result": "recorded",
        "receipt_id": receipt_id,
        "entry_id": entry_id,
    }


def reader(scoring: ScoringUnderTest, child_id: UUID) -> Read:
    """Reads the child's score with its reasons, as a practitioner."""
    client = scoring.practitioner()

    def read() -> None:
        answer = client.get(f"/v1/children/{child_id}/score")
        assert answer.status_code == 200, answer.text

    read()
    return read


def require_indexes(engine: Engine, read: Read) -> None:
    """Stop if a statement of a read walks through a table that grows."""
    with statements_of(engine) as statements:
        read()
    known = observation.metadata.tables
    with engine.connect() as connection:
        for statement in statements:
            for name in walked_by(connection, statement) & known.keys():
                rows = connection.scalar(select(func.count()).select_from(known[name])) or 0
                assert rows <= MANY, f"walks through {name}: {statement[0]}"


if __name__ == "__main__":
    main()
