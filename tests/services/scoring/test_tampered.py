"""What somebody changes in the database is found and named, and the rest is still checked."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Table, text
from sqlalchemy import update as sql_update

from services.scoring.service.proving import prove_some
from services.scoring.service.weights import Weights
from services.scoring.tables import score
from tests.services.scoring.test_known_time import without_triggers
from tests.services.scoring.test_verify_command import database_of
from tests.support.command import amber
from tests.support.scoring import ScoringUnderTest, update

CHANGES: list[tuple[dict[str, Any], str]] = [
    ({"cause": "model"}, "row"),
    ({"parts": "[]"}, "row"),
    ({"parts": "["}, "row"),
    ({"model": "other"}, "row"),
    ({"version": "2.0"}, "row"),
    ({"calculated_at": datetime(2020, 1, 1, tzinfo=UTC)}, "row"),
    ({"number": 7}, "number, row"),
    ({"document": "{"}, "document, row"),
    ({"document": '{"total": NaN}'}, ""),
    ({"document_hash": "0" * 64}, "document_hash, row"),
]


def children_scored_twice(scoring: ScoringUnderTest, number: int) -> list[UUID]:
    children = [scoring.child() for _ in range(number)]
    for code in ("cars_of_unknown_adults", "out_late"):
        scoring.clock.forward(hours=1)
        body = [update(f"{code}-{n}", child, code=code) for n, child in enumerate(children)]
        scoring.police().post("/v1/indicator-updates", json=body)
        scoring.compute_all()
    return children


def corrupt(scoring: ScoringUnderTest, table: Table, child: UUID, change: dict[str, Any]) -> None:
    query = sql_update(table).where(table.c.child_id == child).values(**change)
    if table is score:
        query = query.where(score.c.number == 2)
    with scoring.service.database.engine.begin() as connection:
        assert connection.execute(query).rowcount


def test_each_changed_column_of_a_stored_score_is_named_and_the_others_are_checked(
    scoring: ScoringUnderTest,
) -> None:
    children = children_scored_twice(scoring, len(CHANGES) + 1)
    without_triggers(scoring, "score")
    named = {}
    for child, (change, differs) in zip(children, CHANGES, strict=False):
        named[scoring.score(child)["score_id"]] = differs
        corrupt(scoring, score, child, change)
    found = amber(["scores", "verify"], database_of(scoring))
    assert found.exit_code == 1
    for score_id, differs in named.items():
        assert f"score {score_id} differs in: {differs}" in found.stdout
    whole, wrong = len(children) * 2, len(CHANGES)
    assert f"{whole} stored scores checked, {wrong} do not follow from their inputs" in found.stdout
    prove_some(scoring.service.database, Weights(), scoring.clock)
    proof = scoring.client("models:read").get("/v1/scores/proof").json()
    assert (proof["completed_checked"], proof["mismatches"]) == (whole, wrong)


def test_a_stored_score_that_was_deleted_is_missed_by_the_one_after_it(
    scoring: ScoringUnderTest,
) -> None:
    (child,) = children_scored_twice(scoring, 1)
    with scoring.service.database.engine.begin() as connection:
        on = " ON score" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER score_refuses_delete{on}"))
        connection.execute(score.delete().where(score.c.number == 1))
    assert prove_some(scoring.service.database, Weights(), scoring.clock) == 1
    found = amber(["scores", "verify"], database_of(scoring))
    assert f"score {scoring.score(child)['score_id']} differs in: number" in found.stdout
