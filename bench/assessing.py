"""An assessment of a whole population against the population engine alone, and an activation.

Both in this run, on the same machine: 100,000 children with 2,000,000 observations, SERAF 1.0 in
force and its form of 2016 as the candidate. The engine is timed on the same evidence once it is in
memory, in the same parts, under both versions; the assessment reads it, works it out and writes
what came out.
"""

import random
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from bench.showing import progress, show, timed
from services.scoring.app import prepare
from services.scoring.domain.model import Model
from services.scoring.domain.population.columns import columns
from services.scoring.domain.population.engine import headlines
from services.scoring.service import approval
from services.scoring.service.activating import read_activation
from services.scoring.service.assessing import start
from services.scoring.service.assessor import AT_ONCE, Assessor
from services.scoring.service.steps import Which, stored
from services.scoring.service.storing import Worker
from services.scoring.service.weights import Weights
from services.scoring.store.assessments import Status, children_after, one_assessment
from services.scoring.store.database import open_scoring
from services.scoring.store.due import mark_due
from services.scoring.store.evidence import evidence_at
from services.scoring.tables import child, child_version, observation, receipt
from shared.clock import Clock, system_clock
from shared.contracts.caller import Caller
from shared.ids import new_id
from shared.storage.writing import Database, Writing
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.postgresql import running_postgresql
from tests.support.scoring import scoring_settings

CHILDREN, OBSERVATIONS, PART, SAY_EVERY = 100_000, 20, 1000, 10
ACTIVATED = 10_000
"""What a score costs doesn't hang on how many there are."""
IN_FORCE, CANDIDATE = Which("seraf", "1.0"), Which("seraf", "2.0")
AUTHOR, APPROVER = Caller("bench", "person", "p-author"), Caller("bench", "person", "p-approver")
WHY = "So that the benchmark has a version."
LONG = timedelta(days=1)
EVERYTHING = 2**60
"""A position behind every entry of a journal."""


@dataclass(frozen=True, slots=True)
class Place:
    """A database of scoring."""

    database: Database
    weights: Weights


def main(children: int = CHILDREN, activated: int = ACTIVATED) -> None:
    """Print a row a database for each of the two."""
    with tempfile.TemporaryDirectory() as folder, running_postgresql() as cluster:
        kinds: dict[str, SqliteDatabases | PostgresqlDatabases] = {
            "SQLite": SqliteDatabases(Path(folder)),
            "PostgreSQL": PostgresqlDatabases(cluster),
        }
        show("| assessment | children | observations | engine alone s | s | times | peak MiB |")
        show("|---|---|---|---|---|---|---|")
        for name, databases in kinds.items():
            with filled(databases, children) as place:
                alone = engine_alone(place)
                assessed = timed(partial(assess, place, CANDIDATE))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            show(
                f"| {name} | {children:,} | {children * OBSERVATIONS:,} | {alone:.1f}"
                f" | {assessed:.1f} | {assessed / alone:.1f} | {peak:.0f} |"
            )
        show("| activation | children | s | scores a second |")
        show("|---|---|---|---|")
        for name, databases in kinds.items():
            with filled(databases, activated) as place:
                activate(place, IN_FORCE)
                put_in_force(place, CANDIDATE)
                seconds = timed(partial(activate, place, CANDIDATE, on_its_first_day))
            show(f"| {name} | {activated:,} | {seconds:.0f} | {activated / seconds:,.0f} |")


@contextmanager
def filled(databases: SqliteDatabases | PostgresqlDatabases, children: int) -> Iterator[Place]:
    """A database with a version in force and children."""
    url = databases.fresh("scoring")
    prepare(scoring_settings(url))
    place = Place(open_scoring(url), Weights())
    put_in_force(place, IN_FORCE)
    fill(place, children)
    yield place
    place.database.engine.dispose()


def put_in_force(place: Place, which: Which) -> None:
    """Two people, one content."""
    write(place, lambda transaction: approval.propose(transaction, AUTHOR, which, WHY))
    assessment_id = assess(place, which)
    with place.database.reading() as connection:
        found = one_assessment(connection, assessment_id)
    assert found is not None
    signed = approval.Approval(found.document_hash, assessment_id, found.engine_version, WHY)
    write(place, lambda transaction: approval.approve(transaction, APPROVER, which, signed, LONG))


def assess(place: Place, which: Which) -> UUID:
    """As the service does it, from the first part to the last."""
    begun = write(place, lambda transaction: start(transaction, AUTHOR, which))
    assessor = Assessor(place.database, place.weights, system_clock)
    while assessor.work():
        pass
    with place.database.reading() as connection:
        found = one_assessment(connection, begun.assessment_id)
    assert found is not None
    assert found.status is Status.COMPLETED
    assessment_id: UUID = begun.assessment_id
    return assessment_id


def on_its_first_day() -> datetime:
    """The candidate comes into force in December 2026."""
    return max(system_clock(), datetime(2026, 12, 1, 9, tzinfo=UTC))


def activate(place: Place, which: Which, clock: Clock = system_clock) -> None:
    """As the worker does it, until the activation is complete."""
    worker = Worker(place.database, place.weights, clock)
    while worker.work():
        pass
    with place.database.reading() as connection:
        assert read_activation(connection, which, system_clock()).activation.completed_at


def engine_alone(place: Place) -> float:
    """Seconds of the population engine under both versions, over evidence that is in memory."""
    seconds, last, today = 0.0, None, system_clock().date()
    with place.database.reading() as connection:
        models = [
            place.weights.of(connection, stored(connection, which).document_hash).model
            for which in (IN_FORCE, CANDIDATE)
        ]
        while child_ids := children_after(connection, EVERYTHING, last, AT_ONCE):
            evidence = list(evidence_at(connection, child_ids, EVERYTHING).values())

            def score(evidence: Sequence[Any] = evidence) -> None:
                for model in models:
                    headlines(model, columns(model, evidence), today)

            seconds += timed(score)
            last = child_ids[-1]
    return seconds


def fill(place: Place, children: int) -> None:
    """Children with observations under the codes of the version in force, dice with a seed."""
    dice = random.Random(1)  # noqa: S311  # no secret
    with place.database.reading() as connection:
        found = stored(connection, IN_FORCE)
        model = place.weights.of(connection, found.document_hash).model
    for number in range(children // PART):
        write(place, lambda transaction: fill_part(transaction, model, dice))
        if number % SAY_EVERY == SAY_EVERY - 1:
            progress(f"{(number + 1) * PART:,} of {children:,} children filled in")


def fill_part(transaction: Writing, model: Model, dice: random.Random) -> None:
    """Some children, in one transaction."""
    connection, entry_id, receipt_id = transaction.connection, new_id(), new_id()
    ids = [new_id() for _ in range(PART)]
    facts = {"team": None, "restricted": False, "staff_relative": False}
    connection.execute(insert(child), [{"child_id": each, **facts} for each in ids])
    born = [
        {
            "entry_id": transaction.record("child.known", {}, each),
            "child_id": each,
            "date_of_birth": date(2009, 1, 1) + timedelta(days=dice.randrange(2500)),
            "date_of_birth_estimated": False,
        }
        for each in ids
    ]
    connection.execute(insert(child_version), born)
    transaction.record("updates.received", {}, entry_id=entry_id)
    received = {"client_id": "bench", "received_at": transaction.now, "results": "[]"}
    connection.execute(insert(receipt).values(receipt_id=receipt_id, entry_id=entry_id, **received))
    codes = sorted(model.codes)
    connection.execute(
        insert(observation),
        [
            {
                "source": "police-feed",
                "source_ref": f"{each.hex}-{number}",
                "revision": 1,
                "child_id": each,
                "agency": "police",
                "code": dice.choice(codes),
                "answer": "yes" if dice.random() < 0.3 else "no",
                "observed_on": transaction.now.date() - timedelta(days=dice.randrange(650)),
                "retracted": False,
                "content_digest": "0" * 64,
                "first_result": "recorded",
                "receipt_id": receipt_id,
                "entry_id": entry_id,
            }
            for each in ids
            for number in range(OBSERVATIONS)
        ],
    )
    mark_due(connection, ids, transaction.now)


def write(place: Place, use_case: Callable[[Writing], Any]) -> Any:  # noqa: ANN401  # what it gives
    """One writing transaction."""
    with place.database.writing(system_clock) as transaction:
        return use_case(transaction)


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
