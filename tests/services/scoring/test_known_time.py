"""Any past answer can be asked for again: what was true then, as it was known then."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy import update as sql_update

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import child_version, observation, score
from shared.domain.access import Sight
from tests.support.scoring import ScoringUnderTest, update


def push(scoring: ScoringUnderTest, *items: dict[str, Any]) -> str:
    """Push and compute an hour after what was before; returns the moment just after."""
    scoring.clock.forward(hours=1)
    answer = scoring.police().post("/v1/indicator-updates", json=list(items))
    assert {item["result"] for item in answer.json()["items"]} <= {"recorded", "superseded"}
    scoring.compute_all()
    return (scoring.clock() + timedelta(minutes=1)).isoformat()


def history(scoring: ScoringUnderTest, child: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    )
    return found


def test_a_correction_changes_what_was_true_and_not_what_was_known(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    first = push(scoring, update("a", child))
    push(scoring, update("a", child, revision=2, answer="no"))
    assert scoring.score(child)["total"] == "0"
    assert scoring.score(child, known_at=first)["total"] == "5"
    assert scoring.score(child, known_at=first, as_of="2026-04-30")["total"] == "0"
    assert scoring.score(child, known_at="2026-06-01T08:00:00Z", version="1.0")["total"] == "0"


def test_a_held_update_counts_from_when_it_found_its_child(scoring: ScoringUnderTest) -> None:
    whom = {"identifiers": [{"type": "police_urn", "value": "K/1"}]}
    scoring.police().post("/v1/indicator-updates", json=update("a", whom))
    scoring.clock.forward(hours=1)
    child = scoring.child(("police_urn", "K/1"))
    before = (scoring.clock() - timedelta(minutes=1)).isoformat()
    after = scoring.clock().isoformat()
    assert scoring.score(child, known_at=before, version="1.0")["total"] == "0"
    assert scoring.score(child, known_at=after)["total"] == "5"


def test_what_was_taken_back_while_held_stays_so_in_every_later_replay(
    scoring: ScoringUnderTest,
) -> None:
    child, other = scoring.child(), ("police_urn", "K/2")
    push(scoring, update("a", child))
    whom = {"identifiers": [{"type": "police_urn", "value": "K/2"}]}
    scoring.clock.forward(hours=1)
    scoring.police().post("/v1/indicator-updates", json=update("a", whom, revision=2))
    scoring.compute_all()
    scoring.clock.forward(hours=1)
    found = scoring.child(other)
    scoring.compute_all()
    assert (scoring.score(child)["total"], scoring.score(found)["total"]) == ("0", "5")
    assert [one["total"] for one in history(scoring, child)] == ["0", "5"]
    replayed = list(verify_all(scoring.service.database, Weights()))
    assert [one.differences for one in replayed] == [()] * len(replayed)


def test_before_a_version_was_approved_none_was_in_force(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    answer = scoring.practitioner().get(
        f"/v1/children/{child}/score", params={"known_at": "2026-05-31T00:00:00Z"}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "no_version_in_force")


def test_a_score_says_what_made_it_change(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    push(scoring, update("b", child, code="out_late"))
    push(scoring, update("a", child, revision=2, retracted=True))
    scoring.clock.now = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    scoring.compute_all()
    found = [(one["total"], one["cause"]) for one in history(scoring, child)]
    assert found == [("0", "ageing"), ("1", "correction"), ("6", "new_evidence"), ("5", None)]
    parts = [(part["cause"], part["points"]) for part in history(scoring, child)[0]["parts"]]
    assert parts == [
        ("ageing", "-1"),
        ("correction", "0"),
        ("new_evidence", "0"),
        ("model", "0"),
    ]


@pytest.mark.parametrize(
    ("day", "total"),
    [
        ("2026-10-31", "5"),
        ("2026-11-01", "1"),
        ("2027-04-30", "1"),
        ("2027-05-01", "0"),
    ],
)
def test_a_score_that_time_alone_changes_is_stored_on_that_day(
    scoring: ScoringUnderTest, day: str, total: str
) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    year, month, number = (int(part) for part in day.split("-"))
    scoring.clock.now = datetime(year, month, number, 9, 0, tzinfo=UTC)
    scoring.compute_all()
    assert history(scoring, child)[0]["total"] == total
    forecast = scoring.score(child, as_of="2026-06-01", forecast="true")["forecast"]
    assert [(each["on"], each["total"]) for each in forecast] == [
        ("2026-11-01", "1"),
        ("2027-05-01", "0"),
    ]
    assert all(each["reason"]["text"] for each in forecast)


@pytest.mark.parametrize(
    ("born", "days"),
    [
        pytest.param(date(2012, 6, 15), [(2026, 6, 16)], id="a birthday without points"),
        pytest.param(date(2005, 12, 1), [(2027, 6, 2), (2027, 12, 2)], id="22 in two years"),
        pytest.param(None, [(2027, 6, 2), (2028, 6, 3), (2031, 1, 1)], id="years later"),
    ],
)
def test_the_stored_score_follows_time_however_far_ahead_it_turns(
    scoring: ScoringUnderTest, born: date | None, days: list[tuple[int, int, int]]
) -> None:
    child = scoring.child(date_of_birth=born)
    push(scoring, update("a", child, observed_on="2026-05-20"))
    for day in days:
        scoring.clock.now = datetime(*day, 9, 0, tzinfo=UTC)
        scoring.compute_all()
        now, stored = scoring.score(child), history(scoring, child)[0]
        assert now["score_id"] == stored["score_id"]
        assert (now["status"], now["total"]) == (stored["status"], stored["total"])


def test_nothing_is_computed_on_a_day_on_which_nothing_turns(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    scoring.clock.now = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
    assert scoring.compute_all() == 0


def test_every_stored_score_can_be_computed_again_years_later(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    for number in range(4):
        push(scoring, update(f"r{number}", child, observed_on=f"2026-0{number + 1}-15"))
        push(scoring, update(f"r{number}", child, revision=2, answer="no"))
    scoring.clock.now = datetime(2029, 6, 1, 9, 0, tzinfo=UTC)
    scoring.compute_all()
    stored = history(scoring, child)
    assert len(stored) >= 2
    for one in stored:
        replayed = scoring.practitioner().get(f"/v1/scores/{one['score_id']}/replay").json()
        assert (replayed["equal"], replayed["differences"]) == (True, [])
        assert replayed["child_id"] == str(child)
        assert replayed["stored"].items() <= one.items()  # which tells what was judged, too


def without_triggers(scoring: ScoringUnderTest, table: str) -> None:
    """As the owner of the database can: let rows of a table be changed."""
    guarding = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        " AND sql LIKE '% BEFORE UPDATE %'",
        "postgresql": "SELECT DISTINCT trigger_name FROM information_schema.triggers"
        " WHERE event_object_table = :table AND event_manipulation = 'UPDATE'",
    }
    with scoring.service.database.engine.begin() as connection:
        dialect = connection.dialect.name
        names = connection.scalars(text(guarding[dialect]), {"table": table}).all()
        for name in names:
            on = f" ON {table}" if dialect == "postgresql" else ""
            connection.execute(text(f"DROP TRIGGER {name}{on}"))


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (score, {"total": "4"}),
        (score, {"document": "{}"}),
        (observation, {"answer": "no"}),
        (observation, {"observed_on": date(2025, 1, 1)}),
        (child_version, {"date_of_birth": date(1990, 1, 1)}),
    ],
)
def test_a_row_that_somebody_changed_is_found(
    scoring: ScoringUnderTest, table: Any, change: dict[str, Any]
) -> None:
    child = scoring.child()
    push(scoring, update("a", child))
    database = scoring.service.database
    assert [replayed.equal for replayed in verify_all(database, Weights())] == [True]
    if "document" in change:
        change = {"document": json.dumps({**document_of_first(scoring), "band": "category_4"})}
    without_triggers(scoring, table.name)
    with database.engine.begin() as connection:
        connection.execute(sql_update(table).values(**change))
    assert [replayed.equal for replayed in verify_all(database, Weights())] == [False]


def document_of_first(scoring: ScoringUnderTest) -> dict[str, Any]:
    found = next(iter(verify_all(scoring.service.database, Weights())))
    return dict(found.stored.document)


def test_a_child_is_taken_over_as_it_was_known_too(scoring: ScoringUnderTest) -> None:
    child = scoring.child(date_of_birth=date(2000, 1, 1))
    before = (scoring.clock() + timedelta(minutes=1)).isoformat()
    assert scoring.score(child)["status"] == "not_applicable"
    scoring.clock.forward(hours=1)
    scoring.child(child_id=child, date_of_birth=date(2010, 1, 1))
    assert scoring.score(child)["status"] == "provisional"
    assert scoring.score(child, known_at=before)["status"] == "not_applicable"


def test_a_score_out_of_sight_cannot_be_replayed(scoring: ScoringUnderTest) -> None:
    child = scoring.child(restricted=True)
    push(scoring, update("a", child))
    score_id = history(scoring, child)[0]["score_id"]
    uncleared = scoring.practitioner(sight=Sight(teams=None))
    answer = uncleared.get(f"/v1/scores/{score_id}/replay")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_score")
