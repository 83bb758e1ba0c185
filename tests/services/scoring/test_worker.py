"""The worker: nobody is left behind, whatever happens beside it."""

from datetime import date
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy import update as sql_update
from sqlalchemy.exc import DBAPIError

from services.scoring.domain.loading import load
from services.scoring.service.weights import SHIPPED, ContentChangedError, store_version
from services.scoring.tables import model_version
from tests.support.databases import PostgresqlDatabases
from tests.support.scoring import ScoringUnderTest, scoring_on, update
from tests.support.service import SettableClock


def add_version(scoring: ScoringUnderTest, name: str) -> None:
    """A further version of SERAF, as a later release would ship it."""
    shipped = (SHIPPED / "seraf" / "1.0.yaml").read_text(encoding="utf-8")
    changed = shipped.replace("title: Drugs", "title: Other drugs")
    with scoring.service.database.writing(scoring.clock) as transaction:
        store_version(transaction, name, load(changed, f"{name}.yaml"), changed)


def versions(scoring: ScoringUnderTest, child: Any) -> list[str]:
    items = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    return [one["version"] for one in items]


def test_another_version_in_force_makes_every_score_anew(scoring: ScoringUnderTest) -> None:
    children = [scoring.child() for _ in range(3)]
    scoring.compute_all()
    add_version(scoring, "1.1")
    scoring.put_in_force("1.1", since=date(2026, 1, 1))
    assert scoring.compute_all() == 3
    assert [versions(scoring, child) for child in children] == [["1.1", "1.0"]] * 3
    assert scoring.compute_all() == 0


def test_an_approval_beside_a_worker_at_work_leaves_nobody_under_the_old_version(
    postgresql_databases: PostgresqlDatabases, clock: SettableClock
) -> None:
    scoring = scoring_on(postgresql_databases, clock)
    scoring.put_in_force()
    children = [scoring.child() for _ in range(3)]
    add_version(scoring, "1.1")
    slow, other = scoring.worker(), scoring.worker()
    approving = Thread(target=scoring.put_in_force, args=("1.1", date(2026, 1, 1)))

    def clock_that_lets_the_approval_pass() -> Any:
        # The slow worker's transaction is open from here on.
        if not approving.ident:
            approving.start()
            approving.join(20)
            other.work()
        return clock()

    slow.clock = clock_that_lets_the_approval_pass
    slow.work()
    while other.work() + slow.work():
        pass
    assert [versions(scoring, child)[0] for child in children] == ["1.1"] * 3
    scoring.service.database.engine.dispose()


def test_a_child_whose_score_cannot_be_computed_is_set_apart_and_keeps_nobody_waiting(
    scoring: ScoringUnderTest,
) -> None:
    good, bad = scoring.child(), scoring.child()
    scoring.police().post("/v1/indicator-updates", json=update("a", bad))
    with scoring.service.database.engine.begin() as connection:
        on = " ON observation" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER observation_refuses_update{on}"))
        # Intake would refuse such a date: the day after it does not exist.
        connection.execute(text("UPDATE observation SET observed_until = '9999-12-31'"))
    worker = scoring.worker()
    while worker.work():
        pass
    assert versions(scoring, good) == ["1.0"]
    assert (versions(scoring, bad), worker.check()) == ([], "1 scores can't be computed")
    # What was wrong is taken back: it is tried again by itself.
    taken_back = update("a", bad, revision=2, retracted=True)
    scoring.police().post("/v1/indicator-updates", json=taken_back)
    scoring.clock.forward(minutes=2)
    worker.work()
    assert (versions(scoring, bad), worker.check()) == (["1.0"], None)


def test_weights_that_somebody_changed_in_the_database_are_not_used(
    scoring: ScoringUnderTest,
) -> None:
    engine = scoring.service.database.engine
    changed = sql_update(model_version).values(text=text("replace(text, 'below: 22', 'below: 20')"))
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(changed)
    with engine.begin() as connection:
        on = " ON model_version" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER model_version_refuses_update{on}"))
        connection.execute(changed)
    child = scoring.child()
    fresh = type(scoring.app.state.weights)()
    scoring.app.state.weights = fresh
    answer = scoring.practitioner().get(f"/v1/children/{child}/score")
    assert answer.status_code == 500
    worker = scoring.worker()
    with pytest.raises(ContentChangedError):
        worker.work()
