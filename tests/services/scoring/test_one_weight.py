"""The life of one change, from the author's first line to the way back: who moves, when, and what
was said before, between and after."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from tests.support.databases import Databases
from tests.support.scoring import REASON
from tests.support.scoring import update as indicator_update
from tests.support.service import SettableClock
from tests.support.weights import HEAVIER, MODEL, Governed, heavier_on

AUTUMN = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)
# In London the clocks go back on 25 October; its midnight comes while it is still summer time.
JUST_BEFORE = datetime(2026, 10, 24, 22, 59, 59, 999999, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 24, 23, 0, 0, tzinfo=UTC)


@pytest.fixture
def scoring(databases: Databases, clock: SettableClock) -> Iterator[Governed]:
    """The small model in force, in the week before the clocks go back."""
    clock.now = AUTUMN
    under_test = heavier_on(databases, clock)
    yield under_test
    under_test.service.database.engine.dispose()


def a_population(scoring: Governed) -> list[UUID]:
    """Children with evidence of every sort, by dice with a seed."""
    dice = random.Random(20261025)  # noqa: S311  # no secret
    children = [scoring.child() for _ in range(12)]
    updates = [
        indicator_update(
            f"{place}-{number}",
            child,
            code=dice.choice(["missing_episode", "missing_episode", "hurt"]),
            answer=dice.choice(["yes", "yes", "no"]),
            observed_on=str(AUTUMN.date() - timedelta(days=dice.randrange(400))),
        )
        for place, child in enumerate(children)
        for number in range(dice.randrange(3))
    ]
    receipt = scoring.police().post("/v1/indicator-updates", json=updates).json()
    assert {each["result"] for each in receipt["items"]} == {"recorded"}
    return children


def bands(scoring: Governed, children: list[UUID], **question: str) -> dict[str, Any]:
    return {str(child): scoring.score(child, **question)["band"] for child in children}


def movers(scoring: Governed, version: str) -> dict[str, tuple[Any, Any]]:
    client = scoring.client("models:read", "models:assess", person_id="p-approver")
    place = f"{MODEL}/versions/{version}/assessments"
    latest = client.get(place).json()["items"][0]
    assert (latest["status"], latest["void"]) == ("completed", None)
    items = client.get(f"{place}/{latest['assessment_id']}/movers?limit=200").json()["items"]
    return {each["child_id"]: (each["band_before"], each["band_after"]) for each in items}


def differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {
        child: (before[child], after[child]) for child in before if before[child] != after[child]
    }


def test_one_weight_changes_for_everybody_at_midnight_and_back(
    scoring: Governed, clock: SettableClock
) -> None:
    children = a_population(scoring)
    scoring.compute_all()
    days = {"as_of": "2026-10-20"}
    at_first = bands(scoring, children)

    # The author changes one weight, to count from the day on which the clocks go back.
    text = HEAVIER.replace("effective_from: 2026-01-01", "effective_from: 2026-10-25")
    scoring.submitted("1.2", text)
    changed = scoring.author().get(f"{MODEL}/versions/1.2/diff").json()["items"]
    weights = [each for each in changed if each["path"][0] == "indicators"]
    assert [(each["before"], each["after"]) for each in weights] == [("5", "6")]

    # The assessment names exactly the children of whom the pure engine says so.
    assert scoring.sign("1.2", "p-author").json()["code"] == "same_person"
    expected = differing(at_first, bands(scoring, children, version="1.2", **days))
    assert expected
    assert movers(scoring, "1.2") == expected
    assert scoring.sign("1.2").status_code == 201

    # Nothing moves before midnight in London, and everybody does then.
    clock.now = JUST_BEFORE
    scoring.compute_all()
    late = bands(scoring, children)
    before_midnight = clock().isoformat().replace("+00:00", "Z")
    assert {scoring.score(child)["version"] for child in children} == {"1.0"}
    clock.now = MIDNIGHT
    assert {scoring.score(child)["version"] for child in children} == {"1.2"}, "read before stored"
    assert scoring.compute_all() == len(children)
    after = bands(scoring, children)
    assert differing(late, after).keys() >= expected.keys()
    activation = scoring.author().get(f"{MODEL}/versions/1.2/activation").json()
    assert (activation["scored"], activation["population"]) == (12, 12)
    assert activation["completed_at"] is not None

    # Back: proposed by one, assessed, approved by another, and in force at once.
    clock.forward(hours=34)
    between = clock().isoformat().replace("+00:00", "Z")
    clock.forward(hours=1)
    assert scoring.back("rollback", "1.0", "1.3", "p-author").status_code == 201
    assert scoring.sign("1.3").status_code == 201
    now_bands = bands(scoring, children)
    assert (
        movers(scoring, "1.3").keys()
        == differing(bands(scoring, children, version="1.2"), now_bands).keys()
    )
    scoring.compute_all()
    assert bands(scoring, children, version="1.0") == now_bands

    # What was said before, between and after can be asked for again, and follows from its inputs.
    assert bands(scoring, children, known_at=before_midnight, as_of="2026-10-24") == late
    assert bands(scoring, children, known_at=between, as_of="2026-10-25") == after
    stored = reading(scoring, children[0])
    assert [each["version"] for each in stored][:2] == ["1.3", "1.2"]
    assert stored[-1]["version"] == "1.0"
    for each in stored:
        replay = scoring.practitioner().get(f"/v1/scores/{each['score_id']}/replay").json()
        assert replay["differences"] == []
    assert all(each.equal for each in verify_all(scoring.service.database, Weights()))


def reading(scoring: Governed, child: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]]
    found = scoring.practitioner().get(f"/v1/children/{child}/scores").json()["items"]
    return found


def test_of_two_versions_approved_at_once_each_was_compared_with_what_it_follows(
    scoring: Governed,
) -> None:
    """Both were assessed against 1.0; once one is approved, the other says nothing any more."""
    scoring.submitted("1.2", HEAVIER.replace("A small model", "Another"))
    first, second = (scoring.assessed(f"{MODEL}/versions/{name}") for name in ("1.1", "1.2"))
    answers = [
        scoring.approver().post(
            f"{MODEL}/versions/{name}/approval", json={**signed, "reason": REASON}
        )
        for name, signed in (("1.1", first), ("1.2", second))
    ]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["why"] == "other_version_followed"
