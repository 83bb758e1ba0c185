"""Indicator updates through the gateway against a bare bulk insert of the same rows.

Both in this run, on the same machine, into the same kind of database; the ratio is what counts.
Whatever is sent is made ready before the clock starts: JSON there, rows here. Each tracker is timed
with no weights in force, so that nothing is scored: one feed, its next batch sent once the last is
answered; and two feeds at a time, as a region has. Then with weights in force, until the last
child's score is computed and stored.
"""

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
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
"""So many batches a feed sends one after another."""
POLICE, COUNCIL = "police-feed", "council-case-system"

Rows = list[dict[str, Any]]
Sending = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Place:
    """A running tracker, its scoring database, and another of that kind for the bare inserts."""

    name: str
    tracker: Outside
    scoring: Engine
    bare: Engine


def main() -> None:
    """Print three rows a database: rates, their ratio, and the spread."""
    show(
        "| database | | through the gateway /s | bulk insert /s | ratio | spread | of the fastest |"
    )
    show("|---|---|---|---|---|---|---|")
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
    inserting = bulk_inserts(place.bare)
    urns = refer(place)
    for what, feeds in (("one feed", [POLICE]), ("two feeds", [POLICE, COUNCIL])):
        taken_in = partial(pair, place, urns, feeds, inserting, lambda: None)
        show_row(place.name, f"taken in, {what}", taken_in, len(feeds))
    place.tracker.put_weights_in_force()

    def scored() -> tuple[float, float]:
        fresh = refer(place)  # the scores of children with ever more evidence cost ever more
        await_scores(place.scoring)
        return pair(place, fresh, [POLICE], inserting, lambda: await_scores(place.scoring))

    show_row(place.name, "taken in and scored, one feed", scored, 1)


def pair(
    place: Place,
    urns: Sequence[str],
    feeds: Sequence[str],
    inserting: Callable[[], Sending],
    at_last: Sending,
) -> tuple[float, float]:
    """Seconds of some batches of each feed through the gateway, and of as many inserted."""
    sending = [pushes(place.tracker, feed, urns) for feed in feeds]
    bare = [inserting() for _ in feeds]

    def through() -> None:
        at_once(sending)
        at_last()

    # SQLite has one writer at a time: connections beside each other only wait for each other.
    one_by_one = place.bare.dialect.name == "sqlite"
    return timed(through), timed(lambda: in_turn(bare) if one_by_one else at_once(bare))


def at_once(works: Sequence[Sending]) -> None:
    """Each in a thread of its own."""
    with ThreadPoolExecutor(len(works)) as threads:
        for done in [threads.submit(work) for work in works]:
            done.result()


def in_turn(works: Sequence[Sending]) -> None:
    """One after another."""
    for work in works:
        work()


def show_row(name: str, what: str, once: Callable[[], tuple[float, float]], feeds: int) -> None:
    """The medians of some pairs, after one to get warm. Beside them the ratio of the fastest: what
    else the machine does adds to both, and so flatters the slower one."""
    once()
    pairs = [once() for _ in range(ROUNDS)]
    size = BATCH * IN_A_ROW * feeds
    ratios = sorted(bare / through for through, bare in pairs)
    through, bare = zip(*pairs, strict=True)
    show(
        f"| {name} | {what} | {size / statistics.median(through):,.0f}"
        f" | {size / statistics.median(bare):,.0f} | {statistics.median(ratios):.2f}"
        f" | {ratios[0]:.2f} to {ratios[-1]:.2f} | {min(bare) / min(through):.2f} |"
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
    await_it(lambda: not ask(scoring, due) or None, "the scores to be stored", every=0.005)


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


def pushes(tracker: Outside, feed: str, urns: Sequence[str]) -> Sending:
    """Batches of a feed made ready, to be sent one after another over one connection."""
    bodies = [json.dumps(updates(urns)).encode() for _ in range(IN_A_ROW)]
    headers = {
        "Authorization": f"Bearer {tracker.token(feed)}",
        "Content-Type": "application/json",
    }

    def send_them() -> None:
        for body in bodies:
            answer = tracker.http.post("/v1/indicator-updates", content=body, headers=headers)
            assert answer.status_code == 200, answer.text

    return send_them


def bulk_inserts(engine: Engine) -> Callable[[], Sending]:
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

    def ready() -> Sending:
        batches = [rows(children, receipt_id) for _ in range(IN_A_ROW)]

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


if __name__ == "__main__":
    main()
