"""A number was another child's after all: what was said under it follows, whoever is told first."""

from uuid import UUID

import pytest
from sqlalchemy import select

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import journal
from tests.support.scoring import ScoringUnderTest, results, update

URN, COUNCIL = ("police_urn", "14/A-1"), ("council_id", "C1")
BOTH = {"identifiers": [{"type": kind, "value": value} for kind, value in (URN, COUNCIL)]}


def said_of_both(scoring: ScoringUnderTest) -> list[str]:
    return results(scoring.police().post("/v1/indicator-updates", json=update("a", BOTH)))


def totals(scoring: ScoringUnderTest, *children: UUID) -> list[str]:
    scoring.compute_all()
    replayed = list(verify_all(scoring.service.database, Weights()))
    assert [one.differences for one in replayed if not one.equal] == []
    return [scoring.score(each)["total"] for each in children]


@pytest.mark.parametrize("first_told", ["who has it now", "who had it"])
def test_what_waited_for_a_person_attaches_itself_once_its_numbers_lead_to_one_child(
    scoring: ScoringUnderTest, first_told: str
) -> None:
    one, other = scoring.child(URN), scoring.child(COUNCIL)
    assert said_of_both(scoring) == ["held"]
    if first_told == "who had it":
        scoring.child(child_id=other)
    scoring.child(URN, COUNCIL, child_id=one)
    if first_told == "who has it now":
        scoring.child(child_id=other)
    assert totals(scoring, one, other) == ["5", "0"]
    told = select(journal.entries.c.child_id).where(journal.entries.c.kind == "update.attached")
    with scoring.service.database.reading() as connection:
        assert list(connection.scalars(told)) == [one]


def test_what_was_recorded_counts_for_nobody_once_its_numbers_lead_to_another_child(
    scoring: ScoringUnderTest,
) -> None:
    one, other = scoring.child(URN, COUNCIL), scoring.child()
    assert said_of_both(scoring) == ["recorded"]
    scoring.child(URN, child_id=one)
    scoring.child(COUNCIL, child_id=other)
    assert totals(scoring, one, other) == ["0", "0"]
    scoring.child(child_id=one)
    scoring.child(URN, COUNCIL, child_id=other)
    assert totals(scoring, one, other) == ["0", "0"], "the first one has none of its numbers"
    again = update("a", BOTH, revision=2)
    assert results(scoring.police().post("/v1/indicator-updates", json=again)) == ["recorded"]
    assert totals(scoring, one, other) == ["0", "5"]
