"""Where a child stands is proved too: an old score that nobody would look at again is found."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy import update as sql_update

from services.scoring.service.comparing.compared import Compared
from services.scoring.service.comparing.judgements import compare_standing_judgements
from services.scoring.service.comparing.rows import compare_all
from services.scoring.service.comparing.standings import compare_standings
from services.scoring.service.weights import Weights
from services.scoring.tables import (
    held_identifier,
    indicator_comment,
    judgement_standing,
    merged_child,
    score,
    score_due,
    standing,
)
from tests.services.scoring.test_judgements import judge, professional
from tests.services.scoring.test_known_time import without_triggers
from tests.support.scoring import ScoringUnderTest, update


def astray(scoring: ScoringUnderTest) -> dict[str, tuple[str, ...]]:
    """What is found, by what it is about."""
    return differing(compare_standings(scoring.service.database, Weights(), scoring.clock))


def differing(found: Iterable[Compared]) -> dict[str, tuple[str, ...]]:
    return {each.about: each.differences for each in found if each.differences}


def scored(scoring: ScoringUnderTest) -> tuple[UUID, list[UUID]]:
    """A child with two stored scores, beside another; its scores, the first first."""
    child, other = scoring.child(), scoring.child()
    for code in ("missing_episode", "out_late"):
        body = [update(f"{code}-{each}", each, code=code) for each in (child, other)]
        scoring.police().post("/v1/indicator-updates", json=body)
        scoring.compute_all()
    query = select(score.c.score_id).where(score.c.child_id == child).order_by(score.c.number)
    with scoring.service.database.reading() as connection:
        return child, list(connection.scalars(query))


def test_a_mark_that_is_lost_leaves_an_old_score_that_is_found(scoring: ScoringUnderTest) -> None:
    child, (_, last) = scored(scoring)
    body = update("new", child, code="drugs")
    scoring.police().post("/v1/indicator-updates", json=body)
    assert astray(scoring) == {}, "it is due"
    with scoring.service.database.engine.begin() as connection:
        connection.execute(delete(score_due))
    assert astray(scoring) == {f"score {last}": ("score_due",)}


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"next_change_on": date(2099, 1, 1)}, ("next_change_on",)),
        ({"next_change_on": None}, ("next_change_on",)),
    ],
)
def test_a_day_to_look_again_that_was_changed_is_named(
    scoring: ScoringUnderTest, change: dict[str, Any], differs: tuple[str, ...]
) -> None:
    child, (_, last) = scored(scoring)
    put(scoring, child, **change)
    assert astray(scoring) == {f"score {last}": differs}


def test_a_child_that_stands_by_an_older_score_is_named(scoring: ScoringUnderTest) -> None:
    child, (first, _) = scored(scoring)
    put(scoring, child, score_id=first)
    assert astray(scoring) == {f"score {first}": ("score_id", "score_due")}


def put(scoring: ScoringUnderTest, child: UUID, **change: Any) -> None:
    """Change where a child stands, behind Amber's back."""
    query = sql_update(standing).where(standing.c.child_id == child).values(**change)
    with scoring.service.database.engine.begin() as connection:
        connection.execute(query)


def test_a_standing_that_is_gone_is_named(scoring: ScoringUnderTest) -> None:
    child, _ = scored(scoring)
    with scoring.service.database.engine.begin() as connection:
        connection.execute(delete(standing).where(standing.c.child_id == child))
    assert astray(scoring) == {f"child {child}": ("rows",)}


def test_who_is_about_to_be_looked_at_is_no_fault(scoring: ScoringUnderTest) -> None:
    scored(scoring)
    scoring.clock.forward(days=500)
    assert astray(scoring) == {}, "the worker comes by on the day"
    scoring.compute_all()
    assert astray(scoring) == {}


def test_a_judgement_that_stands_no_longer_without_a_word_is_named(
    scoring: ScoringUnderTest,
) -> None:
    child, _ = scored(scoring)
    judge(scoring, child)
    database = scoring.service.database
    assert differing(compare_standing_judgements(database, scoring.clock)) == {}
    with database.engine.begin() as connection:
        connection.execute(delete(judgement_standing))
    found = differing(compare_standing_judgements(database, scoring.clock))
    assert found == {f"child {child}": ("rows",)}
    scoring.clock.forward(days=30)
    assert differing(compare_standing_judgements(database, scoring.clock)) == {}, "it would be over"


def test_a_record_that_counts_for_another_no_longer_is_named(scoring: ScoringUnderTest) -> None:
    one, other = scoring.child(), scoring.child()
    scoring.child(child_id=one, survivor_id=other)
    database = scoring.service.database
    assert differing(compare_all(database)) == {}
    with database.engine.begin() as connection:
        connection.execute(delete(merged_child))
    assert differing(compare_all(database)) == {f"child {one}": ("counts_for",)}


def test_an_update_that_could_never_find_its_child_is_named(scoring: ScoringUnderTest) -> None:
    numbers = [{"type": "police_urn", "value": f"W/{n}"} for n in range(2)]
    waits = {"identifiers": numbers}
    answer = scoring.police().post("/v1/indicator-updates", json=update("w", waits))
    receipt_id = answer.json()["receipt_id"]
    database = scoring.service.database
    assert differing(compare_all(database)) == {}
    with database.engine.begin() as connection:
        connection.execute(delete(held_identifier).where(held_identifier.c.value == "W/1"))
    assert differing(compare_all(database)) == {f"statement of receipt {receipt_id}": ("rows",)}


def test_other_words_of_a_practitioner_are_found(scoring: ScoringUnderTest) -> None:
    child, _ = scored(scoring)
    found = scoring.score(child)
    indicator = next(each for each in found["contributions"] if each["points"] != "0")["indicator"]
    place = f"/v1/models/seraf/versions/1.0/indicators/{indicator}/comments"
    body = {"score_id": found["score_id"], "comment": "Counts a late return like a night away."}
    assert professional(scoring).post(place, json=body).status_code == 201
    without_triggers(scoring, "indicator_comment")
    with scoring.service.database.engine.begin() as connection:
        connection.execute(sql_update(indicator_comment).values(comment="Other words."))
    assert list(differing(compare_all(scoring.service.database)).values()) == [("comment",)]
