"""Two records turn out to be one child: what counts is all that is known of the child, nothing is
moved, and parting them again brings back each as it was."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update as sql_update

from services.scoring.service.attaching import forget_children
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import counting
from shared.domain.access import Sight
from shared.ids import new_id
from tests.services.scoring.test_judgements import WHY, judge, professional, ratings
from tests.services.scoring.test_known_time import without_triggers
from tests.support.scoring import ScoringUnderTest, by_urn, update

MONEY, CARS = "unexplained_money_or_goods", "cars_of_unknown_adults"


def two_records(scoring: ScoringUnderTest) -> tuple[UUID, UUID]:
    """One with a missing episode, one with cars: 1 and 5 points by themselves."""
    one, other = record(scoring, "T/0001"), record(scoring, "T/0002")
    push(scoring, update("a", by_urn("T/0001"), code="missing_episode"))
    push(scoring, update("b", by_urn("T/0002"), code=CARS))
    scoring.compute_all()
    return one, other


def record(scoring: ScoringUnderTest, urn: str, **facts: Any) -> UUID:
    return scoring.child(("police_urn", urn), **facts)


def push(scoring: ScoringUnderTest, *items: dict[str, Any]) -> list[str]:
    answer = scoring.police().post("/v1/indicator-updates", json=list(items))
    assert answer.status_code == 200, answer.text
    return [item["result"] for item in answer.json()["items"]]


def merge(
    scoring: ScoringUnderTest, child: UUID, urn: str, into: UUID | None, **facts: Any
) -> None:
    scoring.clock.forward(minutes=1)
    record(scoring, urn, child_id=child, survivor_id=into, **facts)
    scoring.compute_all()


def all_follow(scoring: ScoringUnderTest) -> bool:
    """Whether every stored score follows from its inputs."""
    replayed = list(verify_all(scoring.service.database, Weights()))
    return bool(replayed) and all(one.equal for one in replayed)


def reads(scoring: ScoringUnderTest, path: str, **facts: Any) -> Any:
    return scoring.client(
        "scores:read", "observations:read", "events:read", person_id="p", **facts
    ).get(path, follow_redirects=False)


def test_all_that_is_known_counts_until_the_records_are_parted(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    alone = {child: scoring.score(child)["total"] for child in (one, other)}
    merge(scoring, one, "T/0001", other)
    together = scoring.score(other)
    assert float(together["total"]) == sum(float(total) for total in alone.values())
    assert together["score_id"] is not None, "it was computed and stored"

    merge(scoring, one, "T/0001", None)
    assert {child: scoring.score(child)["total"] for child in (one, other)} == alone
    assert all_follow(scoring)


def test_the_merged_record_leads_to_the_one_that_answers(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    merge(scoring, one, "T/0001", other)
    for part in ("score", "observations", "judgements"):
        query = "?as_of=2026-05-20" if part == "score" else ""
        answer = reads(scoring, f"/v1/children/{one}/{part}{query}")
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/v1/children/{other}/{part}{query}"
    body = {"score_id": str(new_id()), "band": "category_3", "until": "2026-06-10"}
    body |= {"reason_code": "other_information", "reason": WHY}
    refused = professional(scoring).post(f"/v1/children/{one}/judgements", json=body)
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["survivor_id"]) == ("child_merged", str(other))

    stored = reads(scoring, f"/v1/children/{one}/scores").json()["items"]
    assert len(stored) == 1, "what was computed for the record stays with it"
    statements = reads(scoring, f"/v1/children/{other}/observations").json()["items"]
    assert {each["child_id"] for each in statements} == {str(one), str(other)}


def test_what_was_known_before_is_answered_as_it_was(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    scoring.clock.forward(minutes=5)
    before = scoring.clock().isoformat()
    alone = {child: scoring.score(child)["total"] for child in (one, other)}
    merge(scoring, one, "T/0001", other)
    scoring.clock.forward(minutes=5)
    merged = scoring.clock().isoformat()
    together = scoring.score(other)["total"]
    merge(scoring, one, "T/0001", None)

    for child, total in alone.items():
        assert scoring.score(child, known_at=before)["total"] == total
    assert scoring.score(other, known_at=merged)["total"] == together
    answer = scoring.client("scores:read", person_id="p").get(
        f"/v1/children/{one}/score", params={"known_at": merged}, follow_redirects=False
    )
    assert (answer.status_code, str(other) in answer.headers["Location"]) == (303, True)


def test_an_update_finds_the_child_under_any_of_its_numbers(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    both = [{"type": "police_urn", "value": urn} for urn in ("T/0001", "T/0002")]
    assert push(scoring, update("both", {"identifiers": both}, code=MONEY)) == ["held"]
    merge(scoring, one, "T/0001", other)
    assert push(scoring, update("both", {"identifiers": both}, code=MONEY)) == ["duplicate"]
    late = update("late", by_urn("T/0001"), observed_on="2026-05-02")
    assert push(scoring, late) == ["recorded"]
    scoring.compute_all()
    said = {each["source_ref"] for each in statements_of(scoring, other)}
    assert said == {"a", "b", "both", "late"}

    merge(scoring, one, "T/0001", None)
    assert {each["source_ref"] for each in statements_of(scoring, one)} == {"a", "late"}
    assert {each["source_ref"] for each in statements_of(scoring, other)} == {"b", "both"}
    assert all_follow(scoring)


def statements_of(scoring: ScoringUnderTest, child: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = reads(scoring, f"/v1/children/{child}/observations").json()[
        "items"
    ]
    return found


def test_a_merged_record_may_be_merged_on_and_parted_with_what_it_brought(
    scoring: ScoringUnderTest,
) -> None:
    first, second = two_records(scoring)
    third = record(scoring, "T/0003")
    push(scoring, update("c", by_urn("T/0003"), code=MONEY))
    merge(scoring, first, "T/0001", second)
    merge(scoring, second, "T/0002", third)
    assert {each["source_ref"] for each in statements_of(scoring, third)} == {"a", "b", "c"}
    assert str(third) in reads(scoring, f"/v1/children/{first}/score").headers["Location"]

    merge(scoring, second, "T/0002", None)
    assert {each["source_ref"] for each in statements_of(scoring, second)} == {"a", "b"}
    assert {each["source_ref"] for each in statements_of(scoring, third)} == {"c"}
    assert str(second) in reads(scoring, f"/v1/children/{first}/score").headers["Location"]
    assert all_follow(scoring)


def test_who_may_not_see_the_child_sees_none_of_its_records(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    merge(scoring, one, "T/0001", other)
    record(scoring, "T/0002", child_id=other, restricted=True)
    outside = Sight(teams=None)
    for child in (one, other):
        assert reads(scoring, f"/v1/children/{child}/score", sight=outside).status_code == 404
    heard = reads(scoring, "/internal/consumer-events", sight=outside)
    assert str(one) not in heard.text

    merge(scoring, one, "T/0001", None)
    assert reads(scoring, f"/v1/children/{one}/score", sight=outside).status_code == 200
    assert reads(scoring, f"/v1/children/{other}/score", sight=outside).status_code == 404


def test_a_judgement_on_either_record_is_one_on_the_child(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    made = judge(scoring, one)
    merge(scoring, one, "T/0001", other)
    assert scoring.score(other)["judgement"]["id"] == made["id"]
    assert ratings(scoring)[-1][2] == "category_3", "referrals is told for the child"
    place = f"/v1/children/{other}/judgements/{made['id']}/withdrawal"

    merge(scoring, one, "T/0001", None)
    assert scoring.score(one)["judgement"]["id"] == made["id"]
    assert scoring.score(other)["judgement"] is None
    assert professional(scoring).post(place, json={"reason": WHY}).status_code == 404

    merge(scoring, one, "T/0001", other)
    assert professional(scoring, "p-two").post(place, json={"reason": WHY}).status_code == 201
    assert scoring.score(other)["judgement"] is None


def test_the_history_tells_what_stood_while_the_records_were_one(
    scoring: ScoringUnderTest,
) -> None:
    one, other = two_records(scoring)
    made = judge(scoring, one)
    merge(scoring, one, "T/0001", other)
    merge(scoring, one, "T/0001", None)
    first, together, parted = reversed(
        reads(scoring, f"/v1/children/{other}/scores").json()["items"]
    )
    stood = [each["judgement_id"] for each in (first, together, parted)]
    assert stood == [None, made["id"], None]
    assert together["judgements"] == [], "it was made on another record's score"
    own = reads(scoring, f"/v1/children/{one}/scores").json()["items"]
    assert [each["id"] for each in own[-1]["judgements"]] == [made["id"]]


def test_the_history_shows_nothing_of_a_record_that_is_out_of_sight_by_now(
    scoring: ScoringUnderTest,
) -> None:
    one, other = two_records(scoring)
    judge(scoring, one)
    merge(scoring, one, "T/0001", other)
    merge(scoring, one, "T/0001", None, restricted=True)
    inside = reads(
        scoring, f"/v1/children/{other}/scores", sight=Sight(clearances=frozenset({"restricted"}))
    )
    numbers = [each["number"] for each in inside.json()["items"]]
    assert (numbers, inside.json()["items"][0]["cause"]) == ([3, 2, 1], "correction")
    together = inside.json()["items"][1]["score_id"]

    outside = Sight(teams=None)
    shown = reads(scoring, f"/v1/children/{other}/scores", sight=outside).json()["items"]
    said = [(each["number"], each["cause"], each["parts"]) for each in shown]
    assert said == [(3, None, []), (1, None, [])], "nor what it had added"
    replayed = reads(scoring, f"/v1/scores/{together}/replay", sight=outside)
    assert (replayed.status_code, replayed.json()["code"]) == (404, "unknown_score")
    last = reads(scoring, f"/v1/scores/{shown[0]['score_id']}/replay", sight=outside).json()
    assert (last["equal"], last["stored"]["parts"]) == (True, [])


def test_of_a_judgement_on_both_records_only_its_band_and_its_end_are_told_without_one_of_them(
    scoring: ScoringUnderTest,
) -> None:
    one, other = two_records(scoring)
    merge(scoring, one, "T/0001", other)
    together = scoring.score(other)["score_id"]
    replaced = judge(scoring, other, reason="What was said of the first record, and its father.")
    place = f"/v1/children/{other}/judgements"
    taken_back = {"reason": "The first record was somebody else's, as was said of it."}
    withdrawn = professional(scoring, "p-two").post(
        f"{place}/{replaced['id']}/withdrawal", json=taken_back
    )
    assert withdrawn.status_code == 201
    made = judge(scoring, other, reason="What was said of the first record, and its mother.")
    merge(scoring, one, "T/0001", None, restricted=True)

    inside, outside = Sight(clearances=frozenset({"restricted"})), Sight(teams=None)
    whole = reads(scoring, place, sight=inside).json()["items"]
    assert whole == [{**made, "withheld": False}, {**withdrawn.json(), "withheld": False}]
    gone = dict.fromkeys(("score_id", "computed_band", "reason_code", "reason"))
    least = {**made, **gone, "needs_second_person": None, "withheld": True}
    answer = reads(scoring, place, sight=outside)
    assert answer.json()["items"][0] == least
    (step,) = answer.json()["items"][1]["steps"]
    assert (step["step"], step["by"], step["reason"]) == ("withdrawn", "p-two", None)

    score = reads(scoring, f"/v1/children/{other}/score", sight=outside)
    assert (score.json()["judgement"], score.json()["band_in_force"]) == (least, made["band"])
    history = reads(scoring, f"/v1/children/{other}/scores", sight=outside)
    stood = [each["judgement_id"] for each in history.json()["items"]]
    assert stood == [made["id"], None]
    heard = reads(scoring, "/internal/consumer-events", sight=outside)
    for said in (answer, score, history, heard):
        assert together not in said.text
        assert "first record" not in said.text

    theirs = professional(scoring, "p-three", sight=outside)
    body = {"reason": "It is looked at anew, from what can be seen."}
    agreed = theirs.post(f"{place}/{made['id']}/confirmation", json=body)
    assert (agreed.status_code, agreed.json()["code"]) == (404, "unknown_judgement")
    ended = theirs.post(f"{place}/{made['id']}/withdrawal", json=body)
    (step,) = ended.json()["steps"]
    assert (ended.status_code, ended.json(), step["step"]) == (
        201,
        {**least, "steps": [step]},
        "withdrawn",
    )


def test_consumers_hear_of_a_record_what_its_history_shows(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    merge(scoring, one, "T/0001", other)
    made = judge(scoring, other)
    merge(scoring, one, "T/0001", None, restricted=True)

    def heard(sight: Sight) -> list[tuple[str, dict[str, str]]]:
        events = reads(scoring, "/internal/consumer-events", sight=sight).json()["events"]
        of_other = [each for each in events if each["child_id"] == str(other)]
        return [(each["kind"], each["ids"]) for each in of_other]

    whole = heard(Sight(clearances=frozenset({"restricted"})))
    assert [kind for kind, _ in whole].count("score.calculated") == 3
    *first, judged, rated, last = heard(Sight(teams=None))
    assert [kind for kind, _ in first] == ["score.calculated", "rating.changed"]
    assert judged == ("judgement.made", {"judgement_id": made["id"], "on": made["on"]})
    assert rated == ("rating.changed", {"cause": "judgement"})
    assert last[0] == "score.calculated"
    assert "cause" not in last[1], "nor what the other record had added"


@pytest.mark.parametrize("scored", [True, False])
def test_a_judgement_reaches_a_record_without_a_score(
    scoring: ScoringUnderTest, scored: bool
) -> None:
    one = two_records(scoring)[0]
    judge(scoring, one)
    empty = record(scoring, "T/0009")
    if scored:
        scoring.compute_all()
    record(scoring, "T/0001", child_id=one, survivor_id=empty)
    scoring.compute_all()
    assert ratings(scoring)[-1][2] == "category_3"


def test_a_changed_row_about_what_counts_for_whom_is_found(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    merge(scoring, one, "T/0001", other)
    without_triggers(scoring, counting.name)
    with scoring.service.database.engine.begin() as connection:
        connection.execute(sql_update(counting).values(counts_for=one))
    assert not all_follow(scoring)


def test_a_past_question_shows_nothing_of_a_record_that_is_out_of_sight_by_now(
    scoring: ScoringUnderTest,
) -> None:
    one, other = record(scoring, "T/0001"), record(scoring, "T/0002")
    push(scoring, update("of-the-first", by_urn("T/0001"), handling="P"))
    merge(scoring, one, "T/0001", other)
    scoring.clock.forward(minutes=5)
    merged = scoring.clock().isoformat()
    merge(scoring, one, "T/0001", None)
    past = f"/v1/children/{other}/score?known_at={merged.replace('+', '%2B')}"
    assert "of-the-first" not in reads(scoring, past).text, "its handling code still withholds it"

    record(scoring, "T/0001", child_id=one, restricted=True)
    outside = Sight(teams=None)
    assert reads(scoring, past, sight=outside).status_code == 404
    assert reads(scoring, past.replace(str(other), str(one)), sight=outside).status_code == 404
    record(scoring, "T/0001", child_id=one)
    record(scoring, "T/0002", child_id=other, restricted=True)
    answer = reads(scoring, past.replace(str(other), str(one)), sight=outside)
    assert (answer.status_code, str(other) in answer.text) == (404, False)


def test_a_merge_that_a_restored_referrals_lost_is_undone(scoring: ScoringUnderTest) -> None:
    one, other = two_records(scoring)
    alone = scoring.score(other)["total"]
    merge(scoring, one, "T/0001", other)
    with scoring.service.database.writing(scoring.clock) as transaction:
        forget_children(transaction, scoring.app.state.weights)
    record(scoring, "T/0002", child_id=other)  # the backup knows nothing of the first
    scoring.compute_all()
    assert scoring.score(other)["total"] == alone
    outside = Sight(teams=None)
    assert reads(scoring, f"/v1/children/{one}/score", sight=outside).status_code == 404
    assert all_follow(scoring)


def test_a_judgement_that_ends_before_the_merged_child_is_scored_stops_nothing(
    scoring: ScoringUnderTest,
) -> None:
    one = two_records(scoring)[0]
    judge(scoring, one, until="2026-06-02")
    empty = record(scoring, "T/0009")
    record(scoring, "T/0001", child_id=one, survivor_id=empty)
    scoring.clock.forward(days=3)
    scoring.compute_all()
    assert scoring.score(empty)["score_id"] is not None
    assert ratings(scoring)[-1][2] is None
