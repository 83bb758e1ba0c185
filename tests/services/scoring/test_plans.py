"""What is asked all day looks into an index: its cost doesn't grow with what is stored.

On SQLite, which plans alike however much there is. `bench/reading.py` asks both databases.
"""

from services.scoring.tables import observation
from tests.support.databases import PostgresqlDatabases, SqliteDatabases
from tests.support.plans import statements_of, walked_by
from tests.support.scoring import by_urn, scoring_in_force, update
from tests.support.service import SettableClock

FEW = {
    "source",
    "feed_turn",
    "model_version",
    "model_step",
    "journal_head",
    "score_due",
    "primary_at_first",
    "primary_proposal",
    "primary_decision",
}
"""What there is of these is few, or soon gone."""


def test_no_usual_request_walks_through_a_table_that_grows(
    sqlite_databases: SqliteDatabases, clock: SettableClock
) -> None:
    scoring = scoring_in_force(sqlite_databases, clock)
    child = scoring.child(("police_urn", "T/1"))
    police, practitioner, worker = scoring.police(), scoring.practitioner(), scoring.worker()
    police.post("/v1/indicator-updates", json=[update("r-0", by_urn("T/1"))])
    while worker.work():  # at first, on a new day and when a feed turns, it looks at everybody
        pass
    engine = scoring.service.database.engine
    with statements_of(engine) as statements:
        police.post("/v1/indicator-updates", json=[update("r-1", by_urn("T/1"))])
        assert worker.work() == 1
        assert worker.work() == 0
        practitioner.get(f"/v1/children/{child}/score")
        practitioner.get(f"/v1/children/{child}/score", params={"known_at": "2026-06-01T09:00:00Z"})
        practitioner.get(f"/v1/children/{child}/observations")
        police.get("/v1/feeds/police-feed")
    growing = observation.metadata.tables.keys() - FEW
    with engine.connect() as connection:
        walks = {(name, each[0]) for each in statements for name in walked_by(connection, each)}
    assert not {(name, text) for name, text in walks if name in growing}


def test_of_many_statements_that_the_server_has_not_looked_at_yet_only_the_childrens_are_read(
    postgresql_databases: PostgresqlDatabases, clock: SettableClock
) -> None:
    scoring = scoring_in_force(postgresql_databases, clock)
    engine = scoring.service.database.engine
    urns = [f"T/{number}" for number in range(50)]
    for urn in urns:
        scoring.child(("police_urn", urn))
    pushed = [update(f"{urn}-{n}", by_urn(urn)) for n in range(20) for urn in urns]
    assert scoring.police().post("/v1/indicator-updates", json=pushed).status_code == 200
    with statements_of(engine) as statements:
        assert scoring.worker().work() == len(urns)
    evidence = [each for each in statements if "observation.observed_on" in each[0]]
    assert evidence
    with engine.connect() as connection:
        for each in evidence:
            assert "observation" not in walked_by(connection, each)
    engine.dispose()
