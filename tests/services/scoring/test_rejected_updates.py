"""Indicator updates with faults: every fault is told, the rest is taken, nothing is said again."""

import json
from typing import Any

from sqlalchemy import select

from services.scoring.tables import rejected_update
from tests.support.scoring import ScoringUnderTest, results, update

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
    ({"sequence": 10**30}, "/sequence", "too_large"),
    ({"sequence": -(10**98)}, "/sequence", "too_small"),
    ({"observed_on": 10**30}, "/observed_on", "invalid_date"),
    ({"source_ref": 10**30}, "/source_ref", "wrong_type"),
    ({"child": {"child_id": 10**30}}, "/child/child_id", "invalid_id"),
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
    ({"child": {}}, "/child", "missing"),
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
    body = {**update("a", scoring.child(), code="nonsense"), "nope": 1}
    del body["child"]
    answer = scoring.police().post("/v1/indicator-updates", json=body).json()
    assert {(error["pointer"], error["code"]) for error in answer["items"][0]["errors"]} == {
        ("", "unknown_field"),
        ("/child", "missing"),
        ("/code", "unknown_code"),
    }


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
    (b'{"revision": 1' + b"0" * 100 + b"}", "application/json", 400, "number_too_large"),
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


def kept(scoring: ScoringUnderTest) -> list[Any]:
    """What is kept of items that weren't taken, in the order in which they were sent."""
    with scoring.service.database.reading() as connection:
        found = connection.scalars(select(rejected_update.c.content).order_by("place"))
        return [json.loads(each) for each in found]


def test_of_a_rejected_item_no_name_and_birth_date_are_kept(scoring: ScoringUnderTest) -> None:
    person = {"name": "Jane Roe", "date_of_birth": "2012-03-04"}
    right = update("a", {"identifiers": [{"type": "police_urn", "value": "T/1"}]})
    faulty = {**right, "person": person, "code": "nonsense"}
    answer = scoring.police().post(
        "/v1/indicator-updates",
        json=[faulty, {**right, "persn": person}, {**right, "child": person}, [person], "Jane Roe"],
    )
    assert results(answer) == ["rejected"] * 5
    assert kept(scoring) == [
        {**right, "code": "nonsense"},
        right,
        {**right, "child": {}},
        None,
        None,
    ]


def test_what_a_conflict_said_is_kept_beside_what_stands(scoring: ScoringUnderTest) -> None:
    child = scoring.child()
    first = update("a", child)
    other = update("a", child, observed_on="2026-04-17", note_ref="NOTE-7")
    answer = scoring.police().post("/v1/indicator-updates", json=[first, other, first])
    assert results(answer) == ["recorded", "conflict", "duplicate"]
    assert kept(scoring) == [other]
