"""Indicator updates: nothing received is lost, nothing counts twice, order does not matter."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from uuid import uuid4

import rfc8785
from sqlalchemy import select

from services.scoring.api.updates import UpdateReceipt
from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import journal
from shared.storage.chain import faults
from tests.support.scoring import ScoringUnderTest, by_urn, results, update


def test_a_single_update_and_a_list_are_both_taken(scoring: ScoringUnderTest) -> None:
    child = scoring.child(("police_urn", "14/A-1"))
    police = scoring.police()
    assert results(police.post("/v1/indicator-updates", json=update("a", child))) == ["recorded"]
    two = [
        update("b", by_urn("14/A-1")),
        update("c", by_urn("14/a-1"), code="older_controlling_partner"),
    ]
    answer = police.post("/v1/indicator-updates", json=two)
    assert results(answer) == ["recorded", "recorded"]
    assert scoring.score(child)["total"] == "10"


def test_a_receipt_never_names_a_child_and_can_be_read_again(scoring: ScoringUnderTest) -> None:
    child = scoring.child(("police_urn", "14/A-1"))
    police = scoring.police()
    receipt = police.post("/v1/indicator-updates", json=[update("a", by_urn("14/A-1"))])
    assert str(child) not in receipt.text
    again = police.get(f"/v1/indicator-updates/{receipt.json()['receipt_id']}")
    assert again.json() == receipt.json()
    other = scoring.social_care().get(f"/v1/indicator-updates/{receipt.json()['receipt_id']}")
    assert other.status_code == 404


def test_a_receipt_carries_its_hash_which_the_journal_holds_too(scoring: ScoringUnderTest) -> None:
    child, police = scoring.child(), scoring.police()
    scoring.clock.forward(milliseconds=1)
    body = [
        update("a", child),
        update("b", by_urn("14/Ü-1")),
        update("c", child, code="cars_of_unknown_adult"),
        update("a", child),
        {},
    ]
    answer = police.post("/v1/indicator-updates", json=body).json()
    assert police.get(f"/v1/indicator-updates/{answer['receipt_id']}").json() == answer
    assert UpdateReceipt.model_validate(answer).model_dump(mode="json") == answer
    said = answer.pop("hash")
    assert said == sha256(rfc8785.dumps(answer)).hexdigest()
    with scoring.service.database.reading() as connection:
        last = journal.payloads.c.position.desc()
        payload = connection.scalar(select(journal.payloads.c.payload).order_by(last).limit(1))
    assert json.loads(str(payload))["receipt"] == said


def test_the_same_update_again_is_a_duplicate_with_its_first_result(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    police = scoring.police()
    first, again, elsewhere = (
        update("a", child),
        update("a", child),
        update("h", by_urn("14/A-9")),
    )
    assert results(police.post("/v1/indicator-updates", json=[first, elsewhere])) == [
        "recorded",
        "held",
    ]
    answer = police.post("/v1/indicator-updates", json=[again, elsewhere]).json()["items"]
    assert [(item["result"], item["first_result"]) for item in answer] == [
        ("duplicate", "recorded"),
        ("duplicate", "held"),
    ]
    assert scoring.score(child)["total"] == "5"


def test_other_content_under_the_same_revision_is_a_conflict_and_changes_nothing(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    police = scoring.police()
    police.post("/v1/indicator-updates", json=update("a", child))
    answer = police.post("/v1/indicator-updates", json=update("a", child, answer="no"))
    assert results(answer) == ["conflict"]
    assert scoring.score(child)["total"] == "5"


def test_a_retraction_takes_the_points_away_and_keeps_the_statement(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    police = scoring.police()
    police.post("/v1/indicator-updates", json=update("a", child))
    police.post("/v1/indicator-updates", json=update("a", child, revision=2, retracted=True))
    assert scoring.score(child)["total"] == "0"
    statements = scoring.practitioner().get(f"/v1/children/{child}/observations").json()["items"]
    assert [(one["revision"], one["retracted"], one["superseded"]) for one in statements] == [
        (2, True, False),
        (1, False, True),
    ]


def test_a_corrected_statement_may_speak_of_another_child(scoring: ScoringUnderTest) -> None:
    first, second = scoring.child(), scoring.child()
    police = scoring.police()
    police.post("/v1/indicator-updates", json=update("a", first))
    police.post("/v1/indicator-updates", json=update("a", second, revision=2))
    assert (scoring.score(first)["total"], scoring.score(second)["total"]) == ("0", "5")


def test_a_retraction_that_waits_for_its_child_takes_the_statement_back_at_once(
    scoring: ScoringUnderTest,
) -> None:
    child, police = scoring.child(), scoring.police()
    first = update("a", child)
    second = update("a", by_urn("14/A-UNKNOWN"), revision=2, retracted=True)
    for order in ([first, second], [second, first]):
        for n, sending in enumerate(order):
            body = {**sending, "source_ref": f"a-{order[0]['revision']}"}
            answer = police.post("/v1/indicator-updates", json=body)
            assert answer.status_code == 200, n
        assert scoring.score(child)["total"] == "0"
        scoring.compute_all()
    statements = scoring.practitioner().get(f"/v1/children/{child}/observations").json()["items"]
    assert [one["superseded"] for one in statements] == [True, True]


def test_an_update_for_an_unknown_child_waits_and_attaches_itself(
    scoring: ScoringUnderTest,
) -> None:
    unknown = uuid4()
    answer = scoring.police().post(
        "/v1/indicator-updates",
        json=[
            update("a", by_urn("14/A-7")),
            update("b", unknown, code="older_controlling_partner", observed_on="2026-05-02"),
        ],
    )
    assert [(item["result"], item["reason"]) for item in answer.json()["items"]] == [
        ("held", "unknown_child"),
        ("held", "unknown_child"),
    ]
    child = scoring.child(("police_urn", "14/A-7"))
    assert scoring.score(child)["total"] == "5"


def test_an_update_that_fits_two_children_waits_for_a_person(scoring: ScoringUnderTest) -> None:
    scoring.child(("police_urn", "14/A-1"))
    scoring.child(("council_id", "C1"))
    both = {
        "identifiers": [
            {"type": "police_urn", "value": "14/A-1"},
            {"type": "council_id", "value": "C1"},
        ]
    }
    answer = scoring.police().post("/v1/indicator-updates", json=update("a", both)).json()
    assert (answer["items"][0]["result"], answer["items"][0]["reason"]) == ("held", "ambiguous")


def test_an_update_of_two_children_counts_for_neither_whoever_was_known_first(
    scoring: ScoringUnderTest,
) -> None:
    numbers = ("police_urn", "14/A-1"), ("council_id", "C1")
    both = {"identifiers": [{"type": kind, "value": value} for kind, value in numbers]}
    first = scoring.child(numbers[0])
    assert results(scoring.police().post("/v1/indicator-updates", json=update("a", both))) == [
        "recorded"
    ]
    scoring.compute_all()
    scoring.clock.forward(hours=1)
    before = scoring.clock().isoformat()
    scoring.clock.forward(hours=1)
    other = scoring.child(numbers[1])
    scoring.compute_all()
    assert [scoring.score(each)["total"] for each in (first, other)] == ["0", "0"]
    assert scoring.score(first, known_at=before)["total"] == "5"
    path = f"/v1/children/{first}/observations"
    said = scoring.client("observations:read").get(path).json()["items"]
    assert [(each["source_ref"], each["contested"]) for each in said] == [("a", True)]

    scoring.child(child_id=other)  # the number was a typing error of the council's
    scoring.compute_all()
    assert scoring.score(first)["total"] == "5"
    assert scoring.score(first)["score_id"] is not None
    replayed = list(verify_all(scoring.service.database, Weights()))
    assert [one.equal for one in replayed] == [True] * len(replayed)


def test_two_feeds_updating_one_child_at_once_both_count(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    feeds = [scoring.police(), scoring.social_care()]
    codes = ["missing_episode", "unexplained_money_or_goods"]

    def push(n: int) -> list[str]:
        body = update(f"r{n}", child, code=codes[n % 2])
        return results(feeds[n % 2].post("/v1/indicator-updates", json=body))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(push, range(40))) == [["recorded"]] * 40
    scoring.compute_all()
    score = scoring.score(child)
    assert score["total"] == "10"
    assert score["score_id"] is not None
    with scoring.service.database.reading() as connection:
        assert list(faults(connection, scoring.service.database.journal)) == []


def test_one_statement_sent_at_once_by_two_threads_is_recorded_once(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda _: results(
                scoring.police().post("/v1/indicator-updates", json=update("a", child))
            ),
            range(8),
        )
    assert sorted(answers) == [["duplicate"]] * 7 + [["recorded"]]


def test_the_same_idempotency_key_gets_the_same_receipt(scoring: ScoringUnderTest) -> None:
    body = update("a", scoring.child())
    police, key = scoring.police(), {"Idempotency-Key": "batch-0001"}
    first = police.post("/v1/indicator-updates", json=body, headers=key)
    again = police.post("/v1/indicator-updates", json=body, headers=key)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = police.post("/v1/indicator-updates", json=[body], headers=key)
    assert (other.status_code, other.json()["errors"][0]["code"]) == (
        422,
        "idempotency_key_reused",
    )
