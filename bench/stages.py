"""Where the time of a batch of 1,000 updates goes within the scoring service, called in process.

The functions that do the work are timed as they are called, so none may call another of them.
"""

import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import Connection

from bench.intake import Rows, updates
from bench.showing import show, timed
from services.scoring.api import updates as api
from services.scoring.service import intake
from services.scoring.store.receipts import Receipt
from shared.http import strict_json
from shared.starting import starting
from shared.storage.writing import Writing
from tests.support.api import fresh_urn
from tests.support.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql
from tests.support.scoring import scoring_on
from tests.support.service import SettableClock

CHILDREN, WARM, ROUNDS = 200, 3, 25
REST = "the rest: FastAPI, the token, the client in process, loops over the items"

Stages = dict[str, list[tuple[Any, str]]]
"""What is timed together, by a name for people: functions, by where they are called from."""

STAGES: Stages = {
    "JSON read strictly": [(strict_json, "read_strictly")],
    "items read (pydantic, identifiers, dates)": [(api, "read_items")],
    "codes and dates checked": [(intake, "content_errors"), (intake, "date_errors")],
    "source locked, heard, sequence": [(intake, "own_source"), (intake, "hear")],
    "what is known of the references": [(intake, "known_revisions")],
    "children found by identifier": [(intake, "_resolve")],
    "digests of the contents": [(intake, "content_digest")],
    "observations stored": [(intake, "add_observations")],
    "receipt spelled, its hash": [(Receipt, "of")],
    "receipt stored": [(intake, "add_receipt")],
    "children locked and marked due": [(intake, "lock_children"), (intake, "mark_due")],
    "journal": [(Writing, "close_journal")],
    "commit": [(Connection, "_commit_impl")],
}

Times = dict[str, list[float]]


def main() -> None:
    """Print one table: milliseconds a batch, by stage and database."""
    with tempfile.TemporaryDirectory() as name:
        on_sqlite = measured(SqliteDatabases(Path(name)))
    with running_postgresql() as cluster:
        on_postgresql = measured(PostgresqlDatabases(cluster))
    show("| stage | SQLite ms | PostgreSQL ms |")
    show("|---|---|---|")
    for stage in [*STAGES, REST]:
        show(f"| {stage} | {on_sqlite[stage]:.1f} | {on_postgresql[stage]:.1f} |")
    sums = [sum(found.values()) for found in (on_sqlite, on_postgresql)]
    show("| the request, without the gateway | {:.1f} | {:.1f} |".format(*sums))


def measured(databases: Databases) -> dict[str, float]:
    """The lowest time of each stage over some batches, so that other work on the machine counts
    as little as can be."""
    with starting():
        scoring = scoring_on(databases, SettableClock())
    urns = [fresh_urn() for _ in range(CHILDREN)]
    for urn in urns:
        scoring.child(("police_urn", urn))
    police = scoring.police()
    found: Times = defaultdict(list)
    for number in range(WARM + ROUNDS):
        items = updates(urns)
        with clocks(STAGES) as spent:
            whole = timed(partial(push, police, items))
        if number >= WARM:
            for stage in STAGES:
                found[stage].append(spent[stage])
            found[REST].append(whole - sum(spent.values()))
    return {stage: min(times) * 1000 for stage, times in found.items()}


def push(police: TestClient, items: Rows) -> None:
    """Send one batch."""
    answer = police.post("/v1/indicator-updates", json=items)
    assert {each["result"] for each in answer.json()["items"]} == {"recorded"}


@contextmanager
def clocks(stages: Stages) -> Iterator[dict[str, float]]:
    """Seconds spent in each stage meanwhile."""
    spent = dict.fromkeys(stages, 0.0)

    def clocked(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def run(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  # as the work itself
            began = time.perf_counter()
            try:
                return work(*arguments, **named)
            finally:
                spent[stage] += time.perf_counter() - began

        return run

    places = [(stage, *place) for stage, some in stages.items() for place in some]
    before = [getattr(owner, name) for _, owner, name in places]
    for (stage, owner, name), work in zip(places, before, strict=True):
        setattr(owner, name, clocked(stage, work))
    yield spent
    for (_, owner, name), work in zip(places, before, strict=True):
        setattr(owner, name, work)


if __name__ == "__main__":
    main()
