"""What a professional answered in a screening tool counts like any other statement."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from services.scoring.service.screening import take_screening
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from shared.contracts.events import ScreeningAnswer, ScreeningAnswered
from shared.ids import new_id
from tests.support.databases import PostgresqlDatabases
from tests.support.scoring import ScoringUnderTest, scoring_in_force
from tests.support.service import SettableClock

CARS, LATE = "cars_of_unknown_adults", "out_late"


def answered(
    scoring: ScoringUnderTest, child: UUID, screening: UUID, revision: int, answers: dict[str, str]
) -> None:
    """Take in a screening as referrals tells of it."""
    event = ScreeningAnswered(
        screening_id=screening,
        revision=revision,
        child_id=child,
        observed_on=date(2026, 5, 1),
        answers=tuple(ScreeningAnswer(code=code, answer=said) for code, said in answers.items()),
    )
    with scoring.service.database.writing(scoring.clock) as transaction:
        take_screening(transaction, scoring.app.state.weights, event)
    scoring.compute_all()


def statements(scoring: ScoringUnderTest, child: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        scoring.practitioner().get(f"/v1/children/{child}/observations").json()["items"]
    )
    return sorted(found, key=lambda each: (each["code"], each["revision"]))


def test_its_answers_count_and_a_later_revision_replaces_them_all(
    scoring: ScoringUnderTest,
) -> None:
    child, screening = scoring.child(), new_id()
    answered(scoring, child, screening, 1, {CARS: "yes", LATE: "yes"})
    with_both = scoring.score(child)
    assert (with_both["total"], with_both["score_id"] is not None) == ("6", True)
    answered(scoring, child, screening, 2, {LATE: "no"})
    assert scoring.score(child)["total"] == "0"
    said = [
        (each["code"], each["revision"], each["retracted"]) for each in statements(scoring, child)
    ]
    assert said == [(CARS, 1, False), (CARS, 2, True), (LATE, 1, False), (LATE, 2, False)]
    assert all(one.equal for one in verify_all(scoring.service.database, Weights()))


def test_told_again_it_changes_nothing(scoring: ScoringUnderTest) -> None:
    child, screening = scoring.child(), new_id()
    for _ in range(2):
        answered(scoring, child, screening, 1, {CARS: "yes", LATE: "yes"})
        answered(scoring, child, screening, 2, {CARS: "yes"})
    assert len(statements(scoring, child)) == 4
    assert scoring.score(child)["total"] == "5"


def test_that_nobody_screens_is_no_silence(scoring: ScoringUnderTest) -> None:
    answered(scoring, scoring.child(), new_id(), 1, {CARS: "yes"})
    assert scoring.client("feeds:read").get("/v1/feeds").json()["items"] == []


def test_an_answer_that_no_weights_read_is_kept_and_the_rest_counts(
    scoring: ScoringUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    child = scoring.child()
    answered(scoring, child, new_id(), 1, {CARS: "yes", "no_such_code": "yes"})
    assert scoring.score(child)["total"] == "5"
    assert "1 answers can't be taken" in caplog.text
    assert str(child) not in caplog.text


def test_answers_about_a_merged_record_count_for_the_child(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    former = scoring.child(survivor_id=child)
    answered(scoring, former, new_id(), 1, {CARS: "yes"})
    assert scoring.score(child)["total"] == "5"


def test_what_a_revision_leaves_out_is_found_in_every_locale(
    postgresql_databases: PostgresqlDatabases, clock: SettableClock
) -> None:
    scoring = scoring_in_force(postgresql_databases, clock)
    with scoring.service.database.engine.begin() as connection:
        collated = 'ALTER COLUMN source_ref TYPE varchar(100) COLLATE "en-US-x-icu"'
        connection.execute(text(f"ALTER TABLE observation {collated}"))
    child, screening = scoring.child(), new_id()
    answered(scoring, child, screening, 1, {CARS: "yes", LATE: "yes"})
    answered(scoring, child, screening, 2, {LATE: "no"})
    assert scoring.score(child)["total"] == "0"
    scoring.service.database.engine.dispose()
