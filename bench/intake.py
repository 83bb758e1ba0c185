"""Indicator updates through the gateway against a bare bulk insert of the same rows.

Both in this run, on the same machine, into the same kind of database; the ratio is what counts.
Each tracker is timed twice: with no weights in force, so that nothing is scored, and with weights
in force, until the last child's score is computed and stored.
"""

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, exists, func, insert, select

from bench.showing import show, timed
from services.scoring.tables import child, child_identifier, observation, receipt, score_due
from shared.clock import system_clock
from shared.ids import new_id
from shared.storage.database import open_database
from tests.support.api import Outside, await_it, fresh_urn
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql
from tests.support.trackers import EmbeddedProcess, three_processes

BATCH, ROUNDS, CHILDREN = 1000, 7, 200
IN_A_ROW = 5
"""So many batches are sent one after another before the last score is waited for."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Place:
    """A running tracker, its scoring database, and another of that kind for the bare inserts."""

    name: str
    tracker: Outside
    scoring: Engine
    bare: Engine


def main() -> None:
    """Print two rows a database: rates, their ratio, and the spread."""
    show("| database | | through the gateway /s | bulk insert /s | ratio | spread of the ratio |")
    show("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        with one_process(Path(name)) as place:
            report(place)
        with on_postgresql(Path(name)) as place:
            report(place)


@contextmanager
def one_process(folder: Path) -> Iterator[Place]:
    """The tracker in one process, on SQLite."""
    process = EmbeddedProcess(folder / "var", "--no-demo")
    scoring = f"sqlite:///{folder / 'var' / 'scoring.db'}"
    bare = SqliteDatabases(folder).fresh("scoring")
    with opened(scoring, bare) as engines:
        yield Place("SQLite, one process", process.api, *engines)
    process.stop()


@contextmanager
def on_postgresql(folder: Path) -> Iterator[Place]:
    """The tracker in three processes, on PostgreSQL."""
    (folder / "three").mkdir()
    with running_postgresql() as cluster:
        databases = PostgresqlDatabases(cluster)
        with three_processes(databases, folder / "three") as tracker:
            scoring = cluster.url(databases.made[-1])  # the last of the three that were made
            with opened(scoring, databases.fresh("scoring")) as engines:
                yield Place("PostgreSQL, three processes", tracker, *engines)


@contextmanager
def opened(*urls: str) -> Iterator[list[Engine]]:
    """Engines, closed afterwards."""
    engines = [open_database(url) for url in urls]
    yield engines
    for engine in engines:
        engine.dispose()


def report(place: Place) -> None:
    """Time both in turns, so that the machine's moods hit both alike."""
    insert_batches = bulk_inserts(place.bare)
    urns = refer(place)

    def taken_in() -> tuple[float, float]:
        return pair(place, urns, 1, insert_batches, lambda: None)

    def scored() -> tuple[float, float]:
        fresh = refer(place)  # the scores of children with ever more evidence cost ever more
        await_scores(place.scoring)
        return pair(place, fresh, IN_A_ROW, insert_batches, lambda: await_scores(place.scoring))

    taken_in()
    show_row(place.name, "taken in", [taken_in() for _ in range(ROUNDS)], BATCH)
    place.tracker.put_weights_in_force()
    scored()
    pairs = [scored() for _ in range(ROUNDS)]
    show_row(place.name, "taken in and scored", pairs, BATCH * IN_A_ROW)


def pair(
    place: Place,
    urns: Sequence[str],
    count: int,
    insert_batches: Callable[[int], Callable[[], None]],
    at_last: Callable[[], None],
) -> tuple[float, float]:
    """Seconds of some batches through the gateway, and of as many inserted."""
    batches = [updates(urns) for _ in range(count)]
    inserting = insert_batches(count)

    def through() -> None:
        for items in batches:
            push(place.tracker, items)
        at_last()

    return timed(through), timed(inserting)


def show_row(name: str, what: str, pairs: Sequence[tuple[float, float]], size: int) -> None:
    """The medians of some pairs."""
    ratios = sorted(bare / through for through, bare in pairs)
    through, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    show(
        f"| {name} | {what} | {size / through:,.0f} | {size / bare:,.0f}"
        f" | {statistics.median(ratios):.2f} | {ratios[0]:.2f} to {ratios[-1]:.2f} |"
    )


def refer(place: Place) -> list[str]:
    """Children whom scoring knows; returns their police URNs."""
    urns = [fresh_urn() for _ in range(CHILDREN)]
    for urn in urns:
        referral = {
            "type": "cse",
            "source": "6",
            "received_on": "2026-01-05",
            "child": {"identifiers": [{"type": "police_urn", "value": urn}]},
        }
        answer = place.tracker.call("council-case-system", "POST", "/v1/referrals", referral)
        assert answer.status_code == 201, answer.text
    known = select(func.count()).where(child_identifier.c.value.in_(urns))
    await_it(lambda: ask(place.scoring, known) == CHILDREN or None, "scoring to know them")
    return urns


def await_scores(scoring: Engine) -> None:
    """Wait until no score is due."""
    due = select(exists(select(score_due)))
    await_it(lambda: not ask(scoring, due) or None, "the scores to be stored")


def ask(engine: Engine, question: Any) -> Any:  # noqa: ANN401  # what the question asks for
    """One value out of a database."""
    with engine.connect() as connection:
        return connection.scalar(question)


def updates(urns: Sequence[str]) -> Rows:
    """A batch of fresh updates."""
    return [
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


def push(tracker: Outside, items: Rows) -> None:
    """Send one batch."""
    answer = tracker.call("police-feed", "POST", "/v1/indicator-updates", items)
    assert answer.status_code == 200, answer.text


def bulk_inserts(engine: Engine) -> Callable[[int], Callable[[], None]]:
    """SQLAlchemy Core's own bulk insert of such rows, and nothing else: batches made ready, to be
    inserted one a transaction."""
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

    def ready(count: int) -> Callable[[], None]:
        batches = [rows(children, receipt_id) for _ in range(count)]

        def insert_them() -> None:
            for batch in batches:
                with engine.begin() as connection:
                    connection.execute(insert(observation), batch)

        return insert_them

    return ready


def rows(children: Sequence[UUID], receipt_id: UUID) -> Rows:
    """A batch of rows as the service would store it."""
    entry_id = new_id()
    return [
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
            "entry_id": entry_id,
        }
        for n in range(BATCH)
    ]
