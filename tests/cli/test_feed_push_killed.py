"""kill -9 in the middle of a push: run again it goes on, nothing lost, nothing doubled."""

import csv
import json
from collections import Counter
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from services.cli.feed.push import MAX_BATCH
from services.scoring import tables
from shared.storage.database import open_database, reading
from tests.cli.conftest import Running
from tests.journeys.test_main_job import a_referral
from tests.support.api import await_it, fresh_urn
from tests.support.command import amber
from tests.support.trackers import Process

ROWS = 8_000
KNOWN_EVERY = 100
"""One row in so many is about a child that is known."""


def test_a_push_of_8_000_rows_killed_half_way_goes_on_where_it_was(
    tracker: Running, tmp_path: Path
) -> None:
    tag, known = fresh_urn(), fresh_urn()
    referred = tracker.process.api.call(
        "council-case-system", "POST", "/v1/referrals", a_referral(known)
    )
    assert referred.status_code == 201
    file, results = tmp_path / "updates.csv", tmp_path / "results.csv"
    with file.open("w", newline="") as opened:
        write = csv.writer(opened).writerow
        write(["source_ref", "revision", "code", "answer", "observed_on", "child.police_urn"])
        for number in range(ROWS):
            urn = known if number % KNOWN_EVERY == 0 else f"{tag}/{number % 500}"
            day = f"2026-{1 + number % 9:02}-{1 + number % 28:02}"
            write([f"{tag}-{number}", 1, "missing_episode", "yes", day, urn])

    command = ["feed", "push", str(file), "--results", str(results)]
    log = tmp_path / "push.log"
    process = Process(["-m", "services.cli.main", *command], tracker.environment, log)

    def pushed(rows: int) -> bool | None:
        assert process.popen.poll() is None, log.read_text()
        return (results.exists() and results.read_bytes().count(b"\n") > rows) or None

    for rows in range(0, ROWS // 2 + 1, MAX_BATCH):
        await_it(partial(pushed, rows), f"{rows:,} rows to be pushed")
    process.kill()
    done = json.loads((tmp_path / "results.csv.state").read_text())["place"]["row"]
    # The kill may fall between a batch's results and the state that speaks of them.
    assert ROWS // 2 - MAX_BATCH <= done < ROWS

    gone_on = amber(command, tracker.environment)
    assert gone_on.exit_code == 0, gone_on.output
    assert f"Going on after row {done:,}." in gone_on.stderr
    assert f"{ROWS:,} rows: " in gone_on.stdout

    with results.open(newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert [line["row"] for line in lines] == [str(number) for number in range(1, ROWS + 1)]
    assert [line["source_ref"] for line in lines] == [f"{tag}-{n}" for n in range(ROWS)]
    # The batch that was on its way got the receipt it had missed: nothing is a duplicate.
    told = Counter(line["result"] for line in lines)
    assert set(told) <= {"held", "recorded"}
    assert stored(tracker.scoring_database, tag) == ROWS


def stored(database: str, tag: str) -> int:
    """How many rows of a push scoring has, once each: the keys are unique there."""
    engine = open_database(database)
    with reading(engine) as connection:
        counts = [
            connection.execute(
                select(func.count()).where(table.c.source_ref.startswith(f"{tag}-"))
            ).scalar_one()
            for table in (tables.observation, tables.held_update)
        ]
    engine.dispose()
    return sum(counts)
