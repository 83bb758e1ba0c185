"""Harm that nobody knew of when they judged is not held down by what they judged."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.services.scoring.test_judgements import WHY, judge, professional, ratings, scored, told
from tests.support.scoring import ScoringUnderTest, update

DISCLOSED = {"code": "exploitation_disclosed", "observed_on": "2024-12-01"}


def confirmed(scoring: ScoringUnderTest, child: UUID, band: str) -> dict[str, Any]:
    """A judgement below a floor, by two people."""
    made = judge(scoring, child, band=band, reason_code="safety_plan_in_place")
    assert made["needs_second_person"] is True
    assert confirm(scoring, child, made).status_code == 201
    assert scoring.score(child)["band_in_force"] == band
    return made


def confirm(scoring: ScoringUnderTest, child: UUID, made: dict[str, Any]) -> Any:
    place = f"/v1/children/{child}/judgements/{made['id']}/confirmation"
    return professional(scoring, "p-two").post(place, json={"reason": WHY})


def push(scoring: ScoringUnderTest, child: UUID, ref: str, **changes: Any) -> None:
    body = update(ref, child, **changes)
    assert scoring.police().post("/v1/indicator-updates", json=body).status_code == 200


def below_known_harm(scoring: ScoringUnderTest) -> UUID:
    """A child of whose harm before, a floor at medium, two people knew when they judged low."""
    child = scoring.child()
    push(scoring, child, "h", **DISCLOSED)
    assert in_force(scoring, child)[0] == "medium"
    confirmed(scoring, child, "low")
    return child


def in_force(scoring: ScoringUnderTest, child: UUID) -> tuple[str, str, bool]:
    scoring.compute_all()
    now = scoring.score(child)
    return now["band"], now["band_in_force"], now["judgement_overtaken"]


def test_a_floor_of_harm_overtakes_a_judgement_below_another_floor_of_the_same_band(
    with_floors: ScoringUnderTest,
) -> None:
    child = with_floors.child(date_of_birth=date(2014, 1, 1))
    push(with_floors, child, "a", code="cars_of_unknown_adults")
    assert in_force(with_floors, child) == ("medium", "medium", False)
    confirmed(with_floors, child, "low")
    push(with_floors, child, "h", **DISCLOSED)
    assert in_force(with_floors, child) == ("medium", "medium", True)
    assert ratings(with_floors)[-1] == ("new_evidence", "medium", None)


@pytest.mark.parametrize("code", ["abuse_by_controlling_partner", "exploitation_disclosed"])
def test_further_harm_overtakes_a_judgement_below_the_floor_that_it_lifts_to_again(
    with_floors: ScoringUnderTest, code: str
) -> None:
    child = scored(with_floors, "exploitation_disclosed")
    confirmed(with_floors, child, "medium")
    push(with_floors, child, "other", code="missing_episode")
    assert in_force(with_floors, child)[1:] == ("medium", False), "no harm: it stands"
    push(with_floors, child, "h", code=code, observed_on="2026-05-20")
    assert in_force(with_floors, child) == ("high", "high", True)


def test_a_correction_of_the_harm_that_they_knew_of_leaves_the_judgement_standing(
    with_floors: ScoringUnderTest,
) -> None:
    child = below_known_harm(with_floors)
    push(with_floors, child, "h", **{**DISCLOSED, "revision": 2, "observed_on": "2024-11-30"})
    assert in_force(with_floors, child) == ("medium", "low", False)


def test_nobody_confirms_what_was_judged_before_harm_came_to_light(
    with_floors: ScoringUnderTest,
) -> None:
    child = scored(with_floors, "exploitation_disclosed")
    made = judge(with_floors, child, band="medium", reason_code="safety_plan_in_place")
    push(with_floors, child, "h", code="abuse_by_controlling_partner")
    while_due = confirm(with_floors, child, made)
    assert in_force(with_floors, child) == ("high", "high", False)
    afterwards = confirm(with_floors, child, made)
    for answer in (while_due, afterwards):
        assert (answer.status_code, answer.json()["code"]) == (409, "other_score")
    confirmed(with_floors, child, "medium")


def test_a_second_person_confirms_beside_a_newer_score_that_tells_of_no_other_harm(
    with_floors: ScoringUnderTest,
) -> None:
    child = scored(with_floors, "exploitation_disclosed")
    made = judge(with_floors, child, band="medium", reason_code="safety_plan_in_place")
    push(with_floors, child, "m", code="missing_episode")
    with_floors.compute_all()
    assert confirm(with_floors, child, made).status_code == 201
    assert with_floors.score(child)["band_in_force"] == "medium"


def test_consumers_hear_nothing_when_a_judgement_ends_that_stood_aside(
    with_floors: ScoringUnderTest,
) -> None:
    child = scored(with_floors, "missing_episode")
    judge(with_floors, child, band="low", reason_code="confirms_the_score")
    push(with_floors, child, "h", code="exploitation_disclosed")
    assert in_force(with_floors, child) == ("high", "high", True)
    heard = told(with_floors)
    with_floors.clock.forward(days=20)
    with_floors.worker().work()
    assert ratings(with_floors)[-1] == ("judgement", "high", None), "referrals is told"
    assert [each for each in told(with_floors)[len(heard) :] if each[1] == "judgement"] == []


def test_consumers_hear_when_a_judgement_below_a_floor_expires_and_the_band_rises(
    with_floors: ScoringUnderTest,
) -> None:
    below_known_harm(with_floors)
    with_floors.clock.forward(days=20)
    with_floors.worker().work()
    assert ratings(with_floors)[-1] == ("judgement", "medium", None)
    assert told(with_floors)[-1] == ("rating.changed", "judgement")


def test_what_waits_for_a_second_person_is_no_override(with_floors: ScoringUnderTest) -> None:
    author = with_floors.client("models:read", person_id="p-author")
    place = "/v1/models/child-exploitation/versions/0.1/override-rates"
    children = [scored(with_floors, "exploitation_disclosed") for _ in range(6)]
    made = [
        judge(with_floors, child, band="low", reason_code="safety_plan_in_place")
        for child in children
    ]
    assert author.get(place).json()["items"] == []
    for child, each in zip(children, made, strict=True):
        assert confirm(with_floors, child, each).status_code == 201
    (line,) = author.get(place).json()["items"]
    assert (line["indicator"], line["judged"], line["otherwise"]) == (
        "exploitation_disclosed",
        6,
        6,
    )
