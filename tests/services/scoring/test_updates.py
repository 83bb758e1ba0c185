"""Indicator updates: nothing received is lost, nothing counts twice, order does not matter."""

import json
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import uuid4

import rfc8785
from sqlalchemy import select

from services.scoring.service.verifying import verify_all
from services.scoring.service.weights import Weights
from services.scoring.tables import journal
from shared.storage.chain import faults
from tests.support.scoring import ScoringUnderTest, by_urn, update


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["result"] for item in answer.json()["items"]]


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


BAD_ITEMS: list[tuple[dict[str, Any], str, str]] = [
    ({"code": "missing_episod"}, "/code", "unknown_code"),
    ({"answer": "perhaps"}, "/answer", "invalid_answer"),
    ({"answer": True}, "/answer", "wrong_type"),
    ({"observed_on": "2026-02-30"}, "/observed_on", "invalid_date"),
    ({"observed_on": 20260501}, "/observed_on", "invalid_date"),
    ({"observed_on": "2026-05-01T10:00:00Z"}, "/observed_on", "invalid_date"),
    ({"observed_on": "2026-06-02"}, "/observed_on", "in_future"),
    ({"observed_on": "9999-12-31"}, "/observed_on", "in_future"),
    ({"observed_on": "10000-01-01"}, "/observed_on", "invalid_date"),
    ({"observed_on": "2025-02-29"}, "/observed_on", "invalid_date"),
    ({"observed_on": None}, "/observed_on", "invalid_date"),
    ({"observed_on": 1e300}, "/observed_on", "invalid_date"),
    ({"observed_on": "1875-06-02"}, "/observed_on", "too_early"),
    ({"observed_until": "2026-04-30"}, "/observed_until", "before_start"),
    ({"observed_until": "2026-06-02"}, "/observed_until", "in_future"),
    ({"code": None}, "/code", "wrong_type"),
    ({"code": "MISSING EPISODE"}, "/code", "wrong_form"),
    ({"answer": None}, "/answer", "wrong_type"),
    ({"answer": "x" * 41}, "/answer", "too_long"),
    ({"retracted": "yes"}, "/retracted", "wrong_type"),
    ({"sequence": -1}, "/sequence", "too_small"),
    ({"sequence": 10**17}, "/sequence", "too_large"),
    ({"handling": "for police eyes"}, "/handling", "wrong_form"),
    ({"revision": None}, "/revision", "wrong_type"),
    ({"revision": 10**17}, "/revision", "too_large"),
    ({"revision": 0}, "/revision", "too_small"),
    ({"revision": "1"}, "/revision", "wrong_type"),
    ({"revision": 1.5}, "/revision", "wrong_type"),
    ({"source_ref": "x" * 101}, "/source_ref", "wrong_form"),
    ({"source_ref": "a\u0000b"}, "/source_ref", "wrong_form"),
    ({"source_ref": None}, "/source_ref", "wrong_type"),
    ({"surprise": 1}, "", "unknown_field"),
    ({"incident_ref": "no-namespace"}, "/incident_ref", "wrong_form"),
    ({"source": "another-feed"}, "/source", "unknown_source"),
    ({"child": {}}, "", "invalid_value"),
    ({"child": "somebody"}, "/child", "wrong_type"),
    ({"child": {"child_id": "x"}}, "/child/child_id", "invalid_id"),
    (
        {"child": {"identifiers": [{"type": "nhs_number", "value": "9990000017"}]}},
        "/child/identifiers/0",
        "invalid_identifier",
    ),
    (
        {"child": {"identifiers": [{"type": "upn", "value": "A373999919002"}]}},
        "/child/identifiers/0",
        "invalid_identifier",
    ),
    (
        {"child": {"identifiers": [{"type": "upn", "value": None}]}},
        "/child/identifiers/0/value",
        "wrong_type",
    ),
    ({"child": {"identifiers": [None]}}, "/child/identifiers/0", "wrong_type"),
    ({"child": None}, "/child", "wrong_type"),
    (
        {"child": {"identifiers": [{"type": "police_urn", "value": "1"}] * 11}},
        "/child/identifiers",
        "too_many",
    ),
    (
        {"child": {"identifiers": [{"type": "passport", "value": "1"}]}},
        "/child/identifiers/0/type",
        "unknown_value",
    ),
]


def test_a_fault_inside_an_item_is_rejected_in_the_receipt_and_the_rest_is_taken(
    scoring: ScoringUnderTest,
) -> None:
    child = scoring.child()
    body = [update("good", child)]
    body += [{**update(f"bad{n}", child), **fault} for n, (fault, _, _) in enumerate(BAD_ITEMS)]
    answer = scoring.police().post("/v1/indicator-updates", json=body)
    assert results(answer) == ["recorded"] + ["rejected"] * len(BAD_ITEMS)
    found = [
        [(error["pointer"], error["code"]) for error in item["errors"]]
        for item in answer.json()["items"][1:]
    ]
    assert found == [[(pointer, code)] for _, pointer, code in BAD_ITEMS]
    again = scoring.police().get(f"/v1/indicator-updates/{answer.json()['receipt_id']}")
    assert again.json() == answer.json()
    assert scoring.score(child)["total"] == "5"


def test_every_fault_of_an_item_is_told_at_once(scoring: ScoringUnderTest) -> None:
    body = update("a", scoring.child(), code="nonsense", observed_on="2027-01-01")
    answer = scoring.police().post("/v1/indicator-updates", json=body).json()
    assert [error["code"] for error in answer["items"][0]["errors"]] == [
        "unknown_code",
        "in_future",
    ]
    body = update("a", scoring.child(), code="nonsense", observed_on="2027-01-01", revision=0)
    answer = scoring.police().post("/v1/indicator-updates", json=body).json()
    assert [error["code"] for error in answer["items"][0]["errors"]] == [
        "too_small",
        "unknown_code",
        "in_future",
    ]


def test_a_misspelt_code_is_answered_with_the_nearest_names(scoring: ScoringUnderTest) -> None:
    body = update("a", scoring.child(), code="missing_episod")
    answer = scoring.police().post("/v1/indicator-updates", json=body).json()
    assert "missing_episode" in answer["items"][0]["errors"][0]["message"]


def test_items_that_are_no_objects_are_rejected_too(scoring: ScoringUnderTest) -> None:
    answer = scoring.police().post("/v1/indicator-updates", json=[None, 3, "x", []])
    assert results(answer) == ["rejected"] * 4


BAD_BODIES = [
    (b"{", "application/json", 400, "invalid_json"),
    (b"\xef\xbb\xbf{}", "application/json", 400, "invalid_json"),
    ('{"code": "é"}'.encode("latin-1"), "application/json", 400, "invalid_json"),
    (b'{"revision": NaN}', "application/json", 400, "invalid_json"),
    (b'{"revision": 1, "revision": 2}', "application/json", 400, "duplicate_key"),
    (b'{"revision": 1' + b"0" * 30 + b"}", "application/json", 400, "number_too_large"),
    (b'[{"child": {"child_id": "a", "child_id": "b"}}]', "application/json", 400, "duplicate_key"),
    ('[{"code": "x"}]'.encode("utf-16"), "application/json", 400, "invalid_json"),
    (b"[" * 100_000, "application/json", 400, "invalid_json"),
    (b"{}", "text/plain", 415, "unsupported_media_type"),
    (b"{}", "", 415, "unsupported_media_type"),
    (b"[]", "application/json", 422, "invalid_request"),
    (b"null", "application/json", 422, "invalid_request"),
    (b'"text"', "application/json", 422, "invalid_request"),
    (b"[" + b",".join([b"{}"] * 1001) + b"]", "application/json", 422, "invalid_request"),
    (b"[" + b" " * (5 * 1024 * 1024) + b"]", "application/json", 413, "too_large"),
    (b'["' + b"x" * (10 * 1024 * 1024), "application/json", 413, "too_large"),
]


def test_a_fault_of_the_envelope_is_a_problem(scoring: ScoringUnderTest) -> None:
    police = scoring.police()
    for content, media, status, code in BAD_BODIES:
        headers = {"Content-Type": media} if media else {}
        answer = police.post("/v1/indicator-updates", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), content[:40]
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_query_parameter_is_refused(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    answer = scoring.practitioner().get(f"/v1/children/{child}/score?asof=2026-01-01")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_a_push_has_no_query_parameters(scoring: ScoringUnderTest) -> None:
    body = update("a", scoring.child())
    answer = scoring.police().post("/v1/indicator-updates?dry_run=1", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_parameter")


def test_nothing_of_a_rejected_item_is_said_again(scoring: ScoringUnderTest) -> None:
    said = "Zebedee Quux"
    faults: list[dict[str, Any]] = [
        {"code": said},
        {"answer": said},
        {"observed_on": said},
        {"incident_ref": said},
        {"handling": said},
        {said: 1},
        {"child": {"identifiers": [{"type": "nhs_number", "value": said}]}},
        {"child": {"identifiers": [{"type": said, "value": "1"}]}},
    ]
    body = [{**update(f"a{n}", scoring.child()), **fault} for n, fault in enumerate(faults)]
    answer = scoring.police().post("/v1/indicator-updates", json=body)
    assert results(answer) == ["rejected"] * len(faults)
    assert said not in answer.text


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
