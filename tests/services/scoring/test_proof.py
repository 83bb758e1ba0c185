"""Stored scores are proved round and round; what doesn't follow is loud, once, and counted."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy import update as sql_update

from services.scoring.service.proving import prove_some
from services.scoring.service.weights import Weights
from services.scoring.tables import journal, score
from tests.support.scoring import ScoringUnderTest, update


def prove(scoring: ScoringUnderTest, limit: int = 2) -> int:
    # As after a restart: nothing is remembered but what is stored.
    return prove_some(scoring.service.database, Weights(), scoring.clock, limit)


def proof(scoring: ScoringUnderTest) -> dict[str, Any]:
    found: dict[str, Any] = scoring.client("models:read").get("/v1/scores/proof").json()
    return found


def test_a_pass_goes_on_where_it_was_and_begins_anew(scoring: ScoringUnderTest) -> None:
    assert proof(scoring)["began_at"] is None
    children = [scoring.child() for _ in range(5)]
    body = [update(f"r{n}", child) for n, child in enumerate(children)]
    scoring.police().post("/v1/indicator-updates", json=body)
    scoring.compute_all()
    assert [prove(scoring) for _ in range(2)] == [0, 0]
    assert (proof(scoring)["checked"], proof(scoring)["completed_at"]) == (4, None)
    assert prove(scoring) == 0
    done = proof(scoring)
    assert (done["checked"], done["completed_checked"], done["mismatches"]) == (0, 5, 0)


def test_a_score_that_was_changed_behind_our_back_is_told_once(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    scoring.police().post("/v1/indicator-updates", json=update("a", child))
    scoring.compute_all()
    with scoring.service.database.engine.begin() as connection:
        on = " ON score" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER score_refuses_update{on}"))
        connection.execute(sql_update(score).values(band="category_4"))
    assert [prove(scoring) for _ in range(3)] == [1, 1, 1]
    assert proof(scoring)["mismatches"] == 1
    with scoring.service.database.reading() as connection:
        kinds = connection.scalars(select(journal.entries.c.kind)).all()
    assert kinds.count("score.mismatch") == 1
