"""A professional judges: both are shown, the rating in force is told, and it ends by itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from services.scoring.tables import journal, judgement_step
from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.scoring.test_scores import counted
from tests.support.scoring import ScoringUnderTest, update

WHY = "The school and the family describe a week without any contact."


def professional(scoring: ScoringUnderTest, person: str = "p-one", **facts: Any) -> Any:
    return scoring.client("scores:read", "judgements:write", person_id=person, **facts)


def scored(scoring: ScoringUnderTest, *codes: str) -> UUID:
    """A child with a stored score of 5 points for each code."""
    child = scoring.child(team="north")
    items = [update(f"{child}-{code}", child, code=code) for code in codes or ("missing_episode",)]
    scoring.police().post("/v1/indicator-updates", json=items)
    scoring.compute_all()
    return child


def said(scoring: ScoringUnderTest, child: UUID, **changes: Any) -> dict[str, Any]:
    return {
        "score_id": scoring.score(child)["score_id"],
        "band": "category_3",
        "reason_code": "other_information",
        "reason": WHY,
        "until": "2026-06-10",
        **changes,
    }


def judge(scoring: ScoringUnderTest, child: UUID, **changes: Any) -> dict[str, Any]:
    body = said(scoring, child, **changes)
    answer = professional(scoring).post(f"/v1/children/{child}/judgements", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ratings(scoring: ScoringUnderTest) -> list[tuple[str | None, str | None, str | None]]:
    """What referrals was told: cause, the score's band, the judged band."""
    events = (
        scoring.client("internal:events", kind="service", person_id=None)
        .get("/internal/events")
        .json()["events"]
    )
    data = [each["data"] for each in events]
    return [(each["cause"], each["band"], each["judged_band"]) for each in data]


def test_a_judgement_stands_before_the_score_until_its_day_and_both_are_shown(
    scoring: ScoringUnderTest,
) -> None:
    child = scored(scoring)
    before = (scoring.clock() + timedelta(minutes=1)).isoformat()
    scoring.clock.forward(hours=1)
    made = judge(scoring, child)
    assert (made["computed_band"], made["band"], made["by"]) == (
        "category_1",
        "category_3",
        "p-one",
    )
    now = scoring.score(child)
    assert (now["band"], now["band_in_force"]) == ("category_1", "category_3")
    assert now["judgement"]["id"] == made["id"]
    assert scoring.score(child, known_at=before)["judgement"] is None

    scoring.clock.forward(days=9)
    scoring.compute_all()
    assert scoring.score(child)["band_in_force"] == "category_1"
    assert scoring.score(child, as_of="2026-06-09")["band_in_force"] == "category_3"
    assert ratings(scoring) == [
        (None, "category_1", None),
        ("judgement", "category_1", "category_3"),
        ("judgement", "category_1", None),
    ]
    with scoring.service.database.reading() as connection:
        kinds = connection.scalars(select(journal.entries.c.kind)).all()
    assert kinds.count("judgement.expired") == 1
    scoring.worker().work()
    assert len(ratings(scoring)) == 3, "told once"


def test_a_new_score_is_told_with_the_judgement_that_stands(scoring: ScoringUnderTest) -> None:
    child = scored(scoring)
    judge(scoring, child)
    more = [
        update("b", child, code="cars_of_unknown_adults"),
        update("c", child, code="unexplained_money"),
    ]
    scoring.police().post("/v1/indicator-updates", json=more)
    scoring.compute_all()
    cause, _, judged = ratings(scoring)[-1]
    assert (cause, judged) == ("new_evidence", "category_3")


def test_a_judgement_ends_early_by_a_person_with_a_reason(scoring: ScoringUnderTest) -> None:
    child = scored(scoring)
    made = judge(scoring, child)
    place = f"/v1/children/{child}/judgements/{made['id']}/withdrawal"
    answer = professional(scoring, "p-two").post(place, json={"reason": WHY})
    assert answer.status_code == 201
    (step,) = answer.json()["steps"]
    assert (step["step"], step["by"]) == ("withdrawn", "p-two")
    assert scoring.score(child)["judgement"] is None
    again = professional(scoring).post(place, json={"reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "judgement_ended")
    listed = professional(scoring).get(f"/v1/children/{child}/judgements").json()["items"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert [each["step"] for each in listed[0]["steps"]] == ["withdrawn"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"band": "severe"}, 422, "invalid_request"),
        ({"until": "2026-06-01"}, 422, "invalid_request"),
        ({"until": "2027-06-03"}, 422, "invalid_request"),
        ({"reason": "because"}, 422, "invalid_request"),
        ({"reason_code": "none"}, 422, "invalid_request"),
        ({"score_id": str(new_id())}, 409, "other_score"),
        ({"by": "p-two"}, 422, "invalid_request"),
    ],
)
def test_what_is_wrong_with_a_judgement_changes_nothing(
    scoring: ScoringUnderTest, change: dict[str, Any], status: int, code: str
) -> None:
    child = scored(scoring)
    place = f"/v1/children/{child}/judgements"
    answer = professional(scoring).post(place, json=said(scoring, child, **change))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    machine = professional(scoring, kind="machine")
    assert machine.post(place, json=said(scoring, child)).status_code == 403
    south = professional(scoring, sight=Sight(teams=frozenset({"south"})))
    assert south.post(place, json=said(scoring, child)).status_code == 404
    assert professional(scoring).get(place).json()["items"] == []
    assert len(ratings(scoring)) == 1


def test_before_there_is_a_score_there_is_nothing_to_judge_beside(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    body = {**said(scoring, child), "score_id": str(new_id())}
    answer = professional(scoring).post(f"/v1/children/{child}/judgements", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_score_yet")


def test_below_a_harm_floor_nothing_stands_until_a_second_person_agrees(
    with_floors: ScoringUnderTest,
) -> None:
    scoring = with_floors
    child = scored(scoring, "exploitation_disclosed")
    assert scoring.score(child)["band"] == "high"
    made = judge(scoring, child, band="medium", reason_code="safety_plan_in_place")
    assert made["needs_second_person"] is True
    assert scoring.score(child)["band_in_force"] == "high"
    assert len(ratings(scoring)) == 1

    place = f"/v1/children/{child}/judgements/{made['id']}/confirmation"
    # A second credential of the same person is the same person.
    alone = professional(scoring, client_id="other-client").post(place, json={"reason": WHY})
    assert (alone.status_code, alone.json()["code"]) == (403, "same_person")
    machine = professional(scoring, "p-two", kind="machine").post(place, json={"reason": WHY})
    assert (machine.status_code, machine.json()["code"]) == (403, "person_required")
    agreed = professional(scoring, "p-two").post(place, json={"reason": WHY})
    assert agreed.status_code == 201
    now = scoring.score(child)
    assert (now["band"], now["band_in_force"]) == ("high", "medium")
    assert ratings(scoring)[-1] == ("judgement", "high", "medium")
    again = professional(scoring, "p-three").post(place, json={"reason": WHY})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_confirm")


def test_an_agency_that_was_never_heard_is_not_taken_to_have_said_no(
    with_floors: ScoringUnderTest,
) -> None:
    child = with_floors.child()
    body = update("a", child, code="trusted_adult")
    with_floors.social_care().post("/v1/indicator-updates", json=body)
    found = with_floors.score(child)
    assert "police" in {each["agency"] for each in found["staleness"]}
    assert "feed_silent" in {each["reason"]["code"] for each in found["contributions"]}
    with_floors.police().post("/v1/feeds/police-feed/heartbeats", json={})
    found = with_floors.score(child)
    assert found["staleness"] == []
    assert "nothing_reported" in {each["reason"]["code"] for each in found["contributions"]}


def test_the_database_itself_refuses_an_author_who_confirms(scoring: ScoringUnderTest) -> None:
    child = scored(scoring)
    made = judge(scoring, child)
    with (
        pytest.raises(DBAPIError, match="confirmed_by_another_person"),
        scoring.service.database.engine.begin() as connection,
    ):
        connection.execute(
            insert(judgement_step).values(
                judgement_id=UUID(made["id"]),
                step="confirmed",
                entry_id=new_id(),
                author_person_id="p-one",
                person_id="p-one",
                reason=WHY,
                at=scoring.clock(),
                on_day=scoring.clock().date(),
            )
        )


def test_harm_that_comes_to_light_later_is_not_held_down_by_a_judgement_made_before(
    with_floors: ScoringUnderTest,
) -> None:
    scoring = with_floors
    child = scored(scoring, "missing_episode")
    judge(scoring, child, band="low", reason_code="confirms_the_score")
    assert scoring.score(child)["band_in_force"] == "low"
    scoring.clock.forward(hours=1)
    harm = update("h", child, code="exploitation_disclosed")
    scoring.police().post("/v1/indicator-updates", json=harm)
    scoring.compute_all()
    now = scoring.score(child)
    assert (now["band"], now["band_in_force"], now["judgement_overtaken"]) == ("high", "high", True)
    assert now["judgement"] is not None, "what was judged stays on record"
    assert ratings(scoring)[-1] == ("new_evidence", "high", None)
    assert told(scoring)[-1] == ("rating.changed", "new_evidence")

    # It was a mistake, and is taken back: the judgement stands again.
    scoring.police().post("/v1/indicator-updates", json={**harm, "revision": 2, "retracted": True})
    scoring.compute_all()
    assert scoring.score(child)["band_in_force"] == "low"
    assert ratings(scoring)[-1][2] == "low"


def told(scoring: ScoringUnderTest) -> list[tuple[str, str | None]]:
    """What consumers hear of scores: kind and cause."""
    reader = scoring.client("scores:read", "events:read", person_id="p")
    events = reader.get("/internal/consumer-events").json()["events"]
    return [(each["kind"], each["ids"].get("cause")) for each in events]


def test_nobody_judges_while_something_new_is_not_yet_in_the_score(
    with_floors: ScoringUnderTest,
) -> None:
    scoring = with_floors
    child = scored(scoring, "missing_episode")
    body = said(scoring, child, band="low", reason_code="confirms_the_score")
    harm = update("h", child, code="exploitation_disclosed")
    scoring.police().post("/v1/indicator-updates", json=harm)
    answer = professional(scoring).post(f"/v1/children/{child}/judgements", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "other_score")


def test_a_judgement_ends_on_its_day_whatever_weights_are_in_force(
    scoring: ScoringUnderTest,
) -> None:
    child = scored(scoring)
    judge(scoring, child, until="2026-06-02")
    approver = scoring.client("models:approve", "models:read", person_id="p-approver")
    place = "/v1/models/seraf/versions/1.0"
    body = {"reason": WHY, "document_hash": approver.get(place).json()["document_hash"]}
    assert approver.post(f"{place}/retirement", json=body).status_code == 201
    scoring.clock.forward(days=3)
    scoring.worker().work()
    assert ratings(scoring)[-1] == ("judgement", "category_1", None)


def test_an_answer_is_not_given_again_once_the_child_is_out_of_sight(
    scoring: ScoringUnderTest,
) -> None:
    child = scored(scoring)
    asked: dict[str, Any] = {
        "url": f"/v1/children/{child}/judgements",
        "json": said(scoring, child),
        "headers": {"Idempotency-Key": "judged-once"},
    }
    caller = professional(scoring, sight=Sight(teams=frozenset({"north"})))
    assert [caller.post(**asked).status_code for _ in range(2)] == [201, 201]
    scoring.child(child_id=child, team="north", restricted=True)
    answer = caller.post(**asked)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert professional(scoring).post(**asked).headers["Idempotent-Replayed"] == "true"


def history(scoring: ScoringUnderTest, child: UUID) -> list[dict[str, Any]]:
    answer = professional(scoring).get(f"/v1/children/{child}/scores")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def in_force(items: list[dict[str, Any]]) -> list[tuple[str | None, ...]]:
    """Of each score, the oldest first: its band, the judged one, and the one in force."""
    return [(one["band"], one["judged_band"], one["band_in_force"]) for one in reversed(items)]


def test_the_history_tells_what_was_judged_beside_each_score(scoring: ScoringUnderTest) -> None:
    child = scored(scoring)
    made = judge(scoring, child)
    police = scoring.police()
    police.post("/v1/indicator-updates", json=update("b", child, code="out_late"))
    scoring.compute_all()
    place = f"/v1/children/{child}/judgements/{made['id']}/withdrawal"
    assert professional(scoring).post(place, json={"reason": WHY}).status_code == 201
    police.post("/v1/indicator-updates", json=update("c", child, code="drugs"))
    scoring.compute_all()

    items = history(scoring, child)
    assert in_force(items) == [
        ("category_1", None, "category_1"),
        ("category_2", "category_3", "category_3"),
        ("category_2", None, "category_2"),
    ]
    third, second, first = items
    assert [each["id"] for each in first["judgements"]] == [made["id"]], "made on this one"
    assert [each["step"] for each in first["judgements"][0]["steps"]] == ["withdrawn"]
    assert (second["judgement_id"], second["judgements"]) == (made["id"], [])
    assert (third["judgement_id"], third["judgements"]) == (None, [])


def test_the_history_tells_that_a_judgement_stood_aside(with_floors: ScoringUnderTest) -> None:
    scoring = with_floors
    child = scored(scoring, "missing_episode")
    judge(scoring, child, band="low", reason_code="confirms_the_score")
    harm = update("h", child, code="exploitation_disclosed")
    scoring.police().post("/v1/indicator-updates", json=harm)
    scoring.compute_all()
    latest = history(scoring, child)[0]
    assert (latest["judged_band"], latest["band_in_force"]) == ("low", "high")
    assert latest["judgement_overtaken"] is True


def test_the_history_takes_the_same_few_queries_however_much_was_judged(
    scoring: ScoringUnderTest,
) -> None:
    child, counts = scored(scoring), []
    for code in ("out_late", "drugs", "alcohol"):
        judge(scoring, child)
        with counted(scoring) as statements:
            assert history(scoring, child)
        counts.append(len([text for text in statements if text.startswith("SELECT")]))
        scoring.police().post("/v1/indicator-updates", json=update(code, child, code=code))
        scoring.compute_all()
    assert len(history(scoring, child)) == 4
    assert len(set(counts)) == 1
    assert counts[0] <= 5
