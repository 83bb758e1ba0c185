"""Bad input: one row a fault. Every fault named at once, nothing echoed, nothing half-written."""

import json
from typing import Any

import pytest

from tests.services.referrals.support import NHS_NUMBER, Referrals, child, counted, referral

SUBMITTED = "Zebedee Quux"
"""A submitted text that no answer may repeat."""

NOBODY = "01890000-0000-7000-8000-000000000000"


def identified(*identifiers: dict[str, Any]) -> dict[str, Any]:
    return {"child": child(identifiers=list(identifiers))}


def one(kind: object, value: object) -> dict[str, Any]:
    return identified({"type": kind, "value": value})


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"urgency": SUBMITTED}, "", "unknown_field"),
    ({SUBMITTED: 1}, "", "unknown_field"),
    ({"type": "csa"}, "/type", "unknown_value"),
    ({"type": None}, "/type", "unknown_value"),
    ({"type": 1}, "/type", "unknown_value"),
    ({"type": ["cse"]}, "/type", "unknown_value"),
    ({"source": "1E"}, "/source", "unknown_value"),
    ({"source": 6}, "/source", "unknown_value"),
    ({"source": "1a"}, "/source", "unknown_value"),
    ({"source": None}, "/source", "unknown_value"),
    ({"source": "5"}, "/source", "unknown_value"),
    ({"source": "11"}, "/source", "unknown_value"),
    ({"source_ref": "x" * 101}, "/source_ref", "too_long"),
    ({"source_ref": " "}, "/source_ref", "too_short"),
    ({"source_ref": "a\nb"}, "/source_ref", "line_break"),
    ({"source_ref": "a\x00b"}, "/source_ref", "control_character"),
    ({"source_ref": 7}, "/source_ref", "wrong_type"),
    ({"received_on": None}, "/received_on", "invalid_date"),
    ({"received_on": "2026-02-30"}, "/received_on", "invalid_date"),
    ({"received_on": "01/06/2026"}, "/received_on", "invalid_date"),
    ({"received_on": "2026-06-01T00:00:00Z"}, "/received_on", "invalid_date"),
    ({"received_on": "2026-06-01\n"}, "/received_on", "invalid_date"),
    ({"received_on": "\u0662\u0660\u0662\u0666-06-01"}, "/received_on", "invalid_date"),
    ({"received_on": 1780272000}, "/received_on", "invalid_date"),
    ({"received_on": 10**17}, "/received_on", "invalid_date"),
    ({"received_on": 1e300}, "/received_on", "invalid_date"),
    ({"received_on": "2199-12-31"}, "/received_on", "in_the_future"),
    ({"received_on": "9999-12-31"}, "/received_on", "too_late"),
    ({"received_on": "10000-01-01"}, "/received_on", "invalid_date"),
    ({"received_on": "2025-02-29"}, "/received_on", "invalid_date"),
    ({"received_on": "1899-12-31"}, "/received_on", "too_early"),
    ({"received_on": "2026-06-02"}, "/received_on", "in_the_future"),
    ({"summary": "x" * 4_001}, "/summary", "too_long"),
    ({"summary": f"{SUBMITTED}\x00"}, "/summary", "control_character"),
    ({"summary": "\ud800"}, "/summary", "invalid_value"),
    ({"summary": {}}, "/summary", "wrong_type"),
    ({"child": None}, "/child", "missing"),
    ({"child_id": "not-an-id"}, "/child_id", "invalid_id"),
    ({"child_id": 5}, "/child_id", "invalid_id"),
    (
        {"child": child(), "child_id": "01890000-0000-7000-8000-000000000000"},
        "/child",
        "one_too_many",
    ),
    ({"child": []}, "/child", "wrong_type"),
    ({"looked_after": "yes"}, "/looked_after", "wrong_type"),
    ({"over_18_reason": "x" * 19}, "/over_18_reason", "too_short"),
    ({"child": child(date_of_birth="2008-06-01")}, "/over_18_reason", "missing"),
    ({"looked_after": 1}, "/looked_after", "wrong_type"),
    ({"child": child(gender="F")}, "/child", "unknown_field"),
    ({"child": child(sex="f")}, "/child/sex", "unknown_value"),
    ({"child": child(sex="X")}, "/child/sex", "unknown_value"),
    ({"child": child(sex=1)}, "/child/sex", "unknown_value"),
    ({"child": child(ethnicity="W1")}, "/child/ethnicity", "unknown_value"),
    ({"child": child(ethnicity="wbri")}, "/child/ethnicity", "unknown_value"),
    ({"child": child(ethnicity=["WBRI"])}, "/child/ethnicity", "unknown_value"),
    ({"child": {"expected_on": "2026-13-01"}}, "/child/expected_on", "invalid_date"),
    ({"child": {"expected_on": "1899-12-31"}}, "/child/expected_on", "too_early"),
    ({"child": {"expected_on": "2026-05-03"}}, "/child/expected_on", "too_early"),
    ({"child": {"expected_on": "2027-04-06"}}, "/child/expected_on", "too_late"),
    (
        {"child": {"expected_on": "2026-05-20", "date_of_birth": "2026-06-02"}},
        "/child/date_of_birth",
        "in_the_future",
    ),
    ({"child": child(given_name="x" * 101)}, "/child/given_name", "too_long"),
    ({"child": child(given_name="")}, "/child/given_name", "too_short"),
    ({"child": child(family_name=f"{SUBMITTED}\x00")}, "/child/family_name", "control_character"),
    ({"child": child(date_of_birth="2012-13-01")}, "/child/date_of_birth", "invalid_date"),
    ({"child": child(date_of_birth="2026-06-02")}, "/child/date_of_birth", "in_the_future"),
    ({"child": child(date_of_birth="0001-01-01")}, "/child/date_of_birth", "too_early"),
    (
        {"child": child(date_of_birth="2026-05-02"), "received_on": "2026-05-01"},
        "/child/date_of_birth",
        "after_received_on",
    ),
    (
        {"child": child(date_of_birth_estimated="yes")},
        "/child/date_of_birth_estimated",
        "wrong_type",
    ),
    (
        {"child": child(date_of_birth=None, date_of_birth_estimated=True)},
        "/child/date_of_birth_estimated",
        "nothing_estimated",
    ),
    (
        {"child": child(date_of_birth_estimated=None)},
        "/child/date_of_birth_estimated",
        "wrong_type",
    ),
    ({"child": child(access=None)}, "/child/access", "wrong_type"),
    ({"child": child(access={"team": "North!"})}, "/child/access/team", "wrong_form"),
    ({"child": child(access={"team": "n" * 61})}, "/child/access/team", "too_long"),
    ({"child": child(access={"restricted": 1})}, "/child/access/restricted", "wrong_type"),
    ({"child": child(access={"hidden": True})}, "/child/access", "unknown_field"),
    (
        identified(*[{"type": "police_urn", "value": str(n)} for n in range(11)]),
        "/child/identifiers",
        "too_many",
    ),
    ({"child": child(identifiers=None)}, "/child/identifiers", "wrong_type"),
    ({"child": child(identifiers=[None])}, "/child/identifiers/0", "wrong_type"),
    ({"child": child(identifiers={})}, "/child/identifiers", "wrong_type"),
    (identified({"type": "upn"}), "/child/identifiers/0/value", "missing"),
    (one("passport", "1"), "/child/identifiers/0/type", "unknown_value"),
    (one("nhs_number", "9990000019"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("nhs_number", 9990000018), "/child/identifiers/0/value", "wrong_type"),
    (one("nhs_number", None), "/child/identifiers/0/value", "wrong_type"),
    (one("nhs_number", "999000001"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("nhs_number", "99900000180"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("nhs_number", "999 000 0018"), "/child/identifiers/0/value", "invalid_identifier"),
    # Its check digit would be 10: no such number is ever issued.
    (one("nhs_number", "9990000000"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("nhs_number", "\u0669990000018"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("upn", "H37399991900"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("upn", "H373999919003"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("upn", "I373999919002"), "/child/identifiers/0/value", "invalid_identifier"),
    (one(None, "14/1"), "/child/identifiers/0/type", "unknown_value"),
    (one("upn", "A373999919002"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("police_urn", "14_1"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("police_urn", "14/1\x00"), "/child/identifiers/0/value", "invalid_identifier"),
    (one("council_id", "x" * 41), "/child/identifiers/0/value", "invalid_identifier"),
    (one("council_id", "x" * 61), "/child/identifiers/0/value", "too_long"),
    (one("council_id", " "), "/child/identifiers/0/value", "invalid_identifier"),
]


def nothing_written(referrals: Referrals) -> bool:
    tables = ("child", "child_identifier", "referral", "referral_history", "journal")
    return all(counted(referrals, table) == 0 for table in (*tables, "idempotency_key"))


def test_each_fault_of_a_referral_is_named_where_it_stands(referrals: Referrals) -> None:
    system = referrals.system()
    for changes, pointer, code in FAULTS:
        # ASCII, so that a lone surrogate travels as an escape.
        response = system.post(
            "/v1/referrals",
            content=json.dumps(referral(**changes)),
            headers={"Idempotency-Key": "key-0001", "Content-Type": "application/json"},
        )
        named = f"{pointer} {code}"
        assert response.status_code == 422, named
        assert response.headers["Content-Type"] == "application/problem+json", named
        problem = response.json()
        assert problem["code"] == "invalid_request", named
        assert [(e["where"], e["pointer"], e["code"]) for e in problem["errors"]] == [
            ("body", pointer, code)
        ]
        assert SUBMITTED not in response.text, named
        assert NHS_NUMBER[:-1] not in response.text, named
    assert nothing_written(referrals)


def test_every_fault_is_named_at_once(referrals: Referrals) -> None:
    body = referral(
        type="csa",
        source="11",
        received_on="2026-02-30",
        colour="red",
        child={"identifiers": [{"type": "upn", "value": "1"}], "date_of_birth": 5},
    )
    response = referrals.system().post("/v1/referrals", json=body)
    assert sorted(error["pointer"] for error in response.json()["errors"]) == [
        "",
        "/child/date_of_birth",
        "/child/identifiers/0/value",
        "/received_on",
        "/source",
        "/type",
    ]
    assert nothing_written(referrals)


def test_values_and_what_they_are_together_are_told_in_one_answer(referrals: Referrals) -> None:
    body = referral(
        received_on="2026-07-01",
        summary="a\u0000b",
        child={"family_name": "a\u0000b", "date_of_birth": "2026-08-01", "colour": "red"},
    )
    response = referrals.system().post("/v1/referrals", json=body)
    assert sorted((e["pointer"], e["code"]) for e in response.json()["errors"]) == [
        ("/child", "unknown_field"),
        ("/child/date_of_birth", "in_the_future"),
        ("/child/family_name", "control_character"),
        ("/received_on", "in_the_future"),
        ("/summary", "control_character"),
    ]
    missing = referrals.system().post("/v1/referrals", json={"received_on": "2026-07-01"})
    assert sorted(e["pointer"] for e in missing.json()["errors"]) == [
        "/child",
        "/received_on",
        "/source",
        "/type",
    ]
    assert nothing_written(referrals)


@pytest.mark.parametrize(
    ("body", "media_type", "status", "code"),
    [
        (b"{", "application/json", 400, "invalid_json"),
        (b"", "application/json", 422, "invalid_request"),
        (b"[]", "application/json", 422, "invalid_request"),
        (b'{"type": "cse", "type": "cce"}', "application/json", 400, "duplicate_key"),
        (b'{"type": NaN}', "application/json", 400, "invalid_json"),
        (b'{"type": "\xff"}', "application/json", 400, "invalid_json"),
        (b"\xef\xbb\xbf{}", "application/json", 400, "invalid_json"),
        ('{"type": "cse"}'.encode("utf-16"), "application/json", 400, "invalid_json"),
        ('{"summary": "\u00e9"}'.encode("latin-1"), "application/json", 400, "invalid_json"),
        (b'{"type": -Infinity}', "application/json", 400, "invalid_json"),
        (b'{"child": {"sex": "F", "sex": "M"}}', "application/json", 400, "duplicate_key"),
        (b'{"type": 1' + b"0" * 30 + b"}", "application/json", 400, "number_too_large"),
        (b"null", "application/json", 422, "invalid_request"),
        (b"[" * 100_000, "application/json", 400, "invalid_json"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"type=cse", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"x" * (4 * 1024 * 1024 + 1), "application/json", 413, "too_large"),
        (b'{"summary": "' + b"x" * (10 * 1024 * 1024), "application/json", 413, "too_large"),
    ],
)
def test_a_body_that_can_not_be_read_is_refused(
    referrals: Referrals, body: bytes, media_type: str, status: int, code: str
) -> None:
    response = referrals.system().post(
        "/v1/referrals", content=body, headers={"Content-Type": media_type}
    )
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert nothing_written(referrals)


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"command": "close"}, "/command", "unknown_value"),
        ({"command": None}, "/command", "unknown_value"),
        ({"reason": "x" * 2_001}, "/reason", "too_long"),
        ({"reason": "x" * 19}, "/reason", "too_short"),
        ({"reason": f"{'x' * 19}   "}, "/reason", "too_short"),
        ({"reason": None}, "/reason", "missing"),
        ({"reason": f"{'x' * 20}\x00"}, "/reason", "control_character"),
        ({"to": "prison"}, "/to", "unknown_value"),
        ({"to": None}, "/to", "missing"),
        ({"to": "other"}, "/service_name", "missing"),
        ({"to": "other", "service_name": "x" * 101}, "/service_name", "too_long"),
        ({"service_name": "Example Youth Club"}, "/service_name", "not_for_this_command"),
        ({"score_id": "latest"}, "/score_id", "invalid_id"),
        ({"score_id": 10**17}, "/score_id", "invalid_id"),
        ({"worker": "p-7"}, "/worker", "not_for_this_command"),
        ({"team": "amber"}, "/team", "not_for_this_command"),
        ({"command": "allocate", "to": None}, "/worker", "missing"),
        ({"command": "allocate", "to": None, "worker": "p 7"}, "/worker", "wrong_form"),
        ({"command": "allocate", "to": None, "worker": "p\n"}, "/worker", "wrong_form"),
        ({"command": "allocate", "to": None, "worker": "p" * 101}, "/worker", "too_long"),
        ({"command": "allocate", "to": None, "team": "Amber!"}, "/team", "wrong_form"),
        ({"outcome": "lost"}, "/outcome", "unknown_value"),
        ({"outcome": "engaged"}, "/outcome", "not_for_this_command"),
        ({"command": "allocate", "to": None, "team": "amber"}, "/worker", "missing"),
        ({"duplicate_of": "first"}, "/duplicate_of", "invalid_id"),
        (
            {"duplicate_of": "01890000-0000-7000-8000-000000000000"},
            "/duplicate_of",
            "not_for_this_command",
        ),
        ({"decided_on": "2026-06-02"}, "/decided_on", "in_the_future"),
        ({"decided_on": "2026-05-31"}, "/decided_on", "before_the_last_move"),
        ({"decided_on": "1899-12-31"}, "/decided_on", "too_early"),
        ({"decided_on": "2026-06-01T09:00:00Z"}, "/decided_on", "invalid_date"),
        ({"decided_on": 20260601}, "/decided_on", "invalid_date"),
        ({"decided_by": "p-other"}, "", "unknown_field"),
    ],
)
def test_each_fault_of_a_command_is_named_where_it_stands(
    referrals: Referrals, given: dict[str, Any], pointer: str, code: str
) -> None:
    received = referrals.received()
    referrals.move(received["id"], "start_triage")
    if given.get("command") == "allocate":
        referrals.move(received["id"], "accept")
    before = counted(referrals, "referral_history")
    response = referrals.worker().post(
        f"/v1/referrals/{received['id']}/transitions",
        json={
            "command": "signpost",
            "reason": "Twenty characters or more.",
            "to": "cyt",
            "score_id": None,
            **given,
        },
    )
    assert response.status_code == 422
    assert [(e["pointer"], e["code"]) for e in response.json()["errors"]] == [(pointer, code)]
    assert counted(referrals, "referral_history") == before


def test_an_id_that_is_none_is_refused(referrals: Referrals) -> None:
    for path in ("/v1/referrals/1", "/v1/children/1", "/v1/referrals/1/history"):
        response = referrals.system().get(path)
        assert response.status_code == 422
        (error,) = response.json()["errors"]
        assert (error["where"], error["code"]) == ("path", "invalid_id")


@pytest.mark.parametrize("query", ["dry_run=1", "type=cse", "=", "received_on=2026-06-01&x"])
def test_a_query_parameter_that_is_not_known_is_refused(referrals: Referrals, query: str) -> None:
    response = referrals.system().post(f"/v1/referrals?{query}", json=referral())
    assert (response.status_code, response.json()["code"]) == (400, "unknown_parameter")
    assert nothing_written(referrals)
