"""kill -9 while a version is assessed, and while it comes into force: after a start it goes on, and
nobody is scored twice or left out."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from subprocess import TimeoutExpired

from sqlalchemy import func, select

from services.scoring.app import create_app
from services.scoring.service.comparing.assessments import compare_assessments
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.store.activations import count, one_activation
from services.scoring.store.assessments import Assessment, Status, assessments_of
from services.scoring.tables import assessment_mover, child, journal, score
from shared.clock import system_clock
from shared.domain.london import london_date
from shared.storage.chain import faults
from shared.storage.database import reading
from tests.drills.dying import DIES_AT
from tests.drills.few_at_once import PART
from tests.support.databases import PostgresqlDatabases
from tests.support.postgresql import free_port
from tests.support.scoring import (
    REASON,
    ScoringUnderTest,
    by_urn,
    scoring_settings,
    seraf_in_force,
    update,
)
from tests.support.service import NOWHERE, SERVICE_SECRET, SettableClock
from tests.support.trackers import Process

CANDIDATE = "/v1/models/seraf/versions/2.0"
SAID = (("missing_episode", 0, 1), ("out_late", 120, 2))
"""Under which code, how many days ago, of every first, or second, child. The form of 2016 looks
back three months for the second, not six: every other child moves from category 2 to category 1."""
AT_MOST = 1000
MOST_BOUNDARIES = 8
"""A part of an assessment passes three, and so does each run of the worker."""


class Change:
    """A database with children scored under SERAF 1.0, and the process that is killed over it."""

    def __init__(self, databases: PostgresqlDatabases, folder: Path, children: int) -> None:
        self.url = databases.fresh("scoring", seraf_in_force)
        self.log, self.children = folder / "changing.log", children
        clock = SettableClock(system_clock())
        app = create_app(scoring_settings(self.url, demo=True), clock=clock)
        self.scoring = ScoringUnderTest(app, clock)
        self.database = self.scoring.service.database
        urns = [f"T/{number:05}" for number in range(children)]
        for urn in urns:
            self.scoring.child(("police_urn", urn))
        for code, days, whose in SAID:
            day = (clock().date() - timedelta(days=days)).isoformat()
            items = [
                update(f"{urn}-{code}", by_urn(urn), code=code, observed_on=day) for urn in urns
            ]
            for first in range(0, children, AT_MOST):
                some = items[first : first + AT_MOST : whose]
                answer = self.scoring.police().post("/v1/indicator-updates", json=some)
                assert {each["result"] for each in answer.json()["items"]} == {"recorded"}
        self.scoring.compute_all()

    def run(self, dies_at: int | None = None) -> Process:
        """The service, over this database; it dies at a boundary of its journal, if at all."""
        under = ["-m", "uvicorn"] if dies_at is None else ["-m", "tests.drills.dying"]
        program = [*under, "tests.drills.few_at_once:scoring", "--factory", "--no-access-log"]
        settings = {
            "AMBER_DATABASE_URL": self.url,
            "AMBER_CLIENT_SECRET": SERVICE_SECRET,
            "AMBER_URLS": json.dumps(dict(NOWHERE)),
            "AMBER_DEMO": "true",
            DIES_AT: str(dies_at),
        }
        return Process([*program, "--port", str(free_port())], settings, self.log)

    def killed_until(
        self, done: Callable[[], bool], kills: int, chosen: Random, tell: Callable[[str], None]
    ) -> int:
        """Start the service and have it killed so many times, then let it go on until it is `done`.
        Returns how often it was killed before that."""
        died = 0
        for _ in range(kills):
            dies_at = chosen.randint(1, MOST_BOUNDARIES)
            if _ends(self.run(dies_at), done):
                break
            died += 1
            tell(f"died at boundary {dies_at}")
        assert _ends(self.run(), done), self.log.read_text()[-2000:]
        return died

    def assessment(self) -> Assessment:
        """The latest, which counts for nobody twice, and is whole once it is called so."""
        with self.database.reading() as connection:
            (found,) = assessments_of(connection, "seraf", "2.0", None, 1)
            looked_at = 0
            if found.last_child_id is not None:
                passed = select(func.count()).where(child.c.child_id <= found.last_child_id)
                looked_at = connection.scalar(passed) or 0
            movers = select(func.count()).where(
                assessment_mover.c.assessment_id == found.assessment_id
            )
            assert connection.scalar(movers) == found.movers
        assert found.scored + found.set_apart == looked_at
        assert found.status is not Status.COMPLETED or looked_at == self.children
        return found

    def is_assessed(self) -> bool:
        """Whether the assessment is whole."""
        return self.assessment().status is Status.COMPLETED

    def is_activated(self) -> bool:
        """Whether the activation is complete; it is called so only when nobody is left."""
        with self.database.reading() as connection:
            found = one_activation(connection, "seraf", "2.0")
            if found is None or found.completed_at is None:
                return False
            counted = count(connection, found.document_hash)
        assert counted.scored + counted.set_apart == counted.population == self.children
        assert (found.scored, found.population) == (counted.scored, self.children)
        return True


def _ends(process: Process, done: Callable[[], bool]) -> bool:
    """Wait until the process is dead, or it is done, and end it. Returns which."""
    try:
        while process.popen.poll() is None:
            if done():
                return True
            with suppress(TimeoutExpired):
                process.popen.wait(0.1)
        return done()
    finally:
        process.kill()


def kill_while_it_changes(  # each is a part of the drill
    databases: PostgresqlDatabases,
    folder: Path,
    children: int,
    kills: int,
    seed: int,
    tell: Callable[[str], None],
) -> dict[str, int]:
    """Kill scoring so many times while SERAF 2.0 is assessed over so many children, and again while
    it comes into force. Returns what there was; raises AssertionError where it isn't so."""
    change, chosen = Change(databases, folder, children), Random(seed)  # noqa: S311  # no secret
    scoring = change.scoring
    author = scoring.client("models:propose", "models:assess", "models:read", person_id="p-author")
    assert author.post(f"{CANDIDATE}/proposal", json={"reason": REASON}).status_code == 201
    assert author.post(f"{CANDIDATE}/assessments", json={}).status_code == 201
    died = [change.killed_until(change.is_assessed, kills, chosen, tell)]
    killed = change.assessment()

    # At one go, in this process, the same comes out.
    again = scoring.assessed(CANDIDATE)
    whole = change.assessment()
    assert (whole.movers, whole.tally) == (killed.movers, killed.tally)
    assert whole.movers == -(-children // 2)
    with change.database.reading() as connection:
        told = {one.about: one.differences for one in compare_assessments(connection, PART)}
    assert told[str(killed.assessment_id)] == (), "what it came to is what the journal told"

    today = london_date(system_clock()).isoformat()
    signed = {**again, "reason": REASON, "imported_in_force_from": today}
    approver = scoring.client("models:approve", person_id="p-approver")
    approved = approver.post(f"{CANDIDATE}/approval", json=signed)
    assert approved.status_code == 201, approved.text
    died.append(change.killed_until(change.is_activated, kills, chosen, tell))

    with reading(change.database.engine) as connection:
        assert list(faults(connection, journal)) == []
        owners = connection.scalars(select(score.c.child_id).where(score.c.version == "2.0"))
        under = Counter(owners)
    assert set(under.values()) == {1}, "nobody is scored twice"
    assert len(under) == children, "nobody is left out"
    replayed = list(verify_all(change.database, Weights()))
    assert [one.differences for one in replayed if not one.equal] == []
    change.database.engine.dispose()
    return {
        "children": children,
        "would have moved": whole.movers,
        "kills while assessing": died[0],
        "kills while activating": died[1],
        "stored scores": len(replayed),
    }
