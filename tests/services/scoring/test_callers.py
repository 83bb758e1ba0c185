"""A service believes the gateway's signature and nothing else."""

import base64
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import OKPKey

from shared.http.callers import claims_of
from shared.http.tokens import sign
from tests.support.databases import SqliteDatabases
from tests.support.scoring import ScoringUnderTest, scoring_on
from tests.support.service import SettableClock, caller_with

CALLER = caller_with(["models:read"])


@pytest.fixture
def scoring(sqlite_databases: SqliteDatabases, clock: SettableClock) -> ScoringUnderTest:
    return scoring_on(sqlite_databases, clock)


def ask(scoring: ScoringUnderTest, authorization: str | None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization}
    return TestClient(scoring.app, headers=headers).get("/v1/models")


def unsigned(scoring: ScoringUnderTest) -> str:
    claims = scoring.token(CALLER).split(".")[1]
    header = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "at+jwt"}).encode())
    return f"{header.decode().rstrip('=')}.{claims}."


def foreign(scoring: ScoringUnderTest) -> str:
    key = OKPKey.generate_key("Ed25519", {"kid": "test"})
    now = int(scoring.clock().timestamp())
    claims = {"iss": "amber", "aud": "scoring", "iat": now, "exp": now + 60, **claims_of(CALLER)}
    return sign(claims, key)


def tampered(scoring: ScoringUnderTest) -> str:
    header, _, signature = scoring.token(CALLER).split(".")
    other = scoring.token(caller_with(["models:read", "scores:read"])).split(".")[1]
    return f"{header}.{other}.{signature}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("none", "missing_token"),
        ("other scheme", "missing_token"),
        ("garbage", "invalid_token"),
        ("unsigned", "invalid_token"),
        ("foreign key", "invalid_token"),
        ("tampered", "invalid_token"),
        ("for another service", "invalid_token"),
        ("of another issuer", "invalid_token"),
        ("not yet valid", "invalid_token"),
        ("expired", "expired_token"),
    ],
)
def test_a_token_that_does_not_count_is_answered_with_why(
    scoring: ScoringUnderTest, name: str, code: str
) -> None:
    now = int(scoring.clock().timestamp())
    authorization = {
        "none": None,
        "other scheme": "Basic abc",
        "garbage": "Bearer abc",
        "unsigned": f"Bearer {unsigned(scoring)}",
        "foreign key": f"Bearer {foreign(scoring)}",
        "tampered": f"Bearer {tampered(scoring)}",
        "for another service": f"Bearer {scoring.token(CALLER, aud='referrals')}",
        "of another issuer": f"Bearer {scoring.token(CALLER, iss='other')}",
        "not yet valid": f"Bearer {scoring.token(CALLER, iat=now + 60, exp=now + 120)}",
        "expired": f"Bearer {scoring.token(CALLER, exp=now - 10)}",
    }[name]
    answer = ask(scoring, authorization)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_missing_scope_is_named(scoring: ScoringUnderTest) -> None:
    answer = scoring.client("codes:read").get("/v1/models")
    assert (answer.status_code, answer.json()["missing_scopes"]) == (403, ["models:read"])


def test_a_service_that_knows_no_keys_yet_asks_to_come_again(scoring: ScoringUnderTest) -> None:
    scoring.service.trusted_keys.keys = None
    answer = ask(scoring, f"Bearer {scoring.token(CALLER)}")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    ready = TestClient(scoring.app).get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["keys"]) == (
        503,
        "the gateway's keys are not known yet",
    )
    assert TestClient(scoring.app).get("/livez").status_code == 200


def test_no_route_answers_without_a_caller(scoring: ScoringUnderTest) -> None:
    anonymous = TestClient(scoring.app)
    for path, methods in scoring.app.openapi()["paths"].items():
        for method in methods:
            url = path.replace("{child_id}", "01920000-0000-7000-8000-000000000001")
            answer = anonymous.request(method, url.replace("{", "").replace("}", ""), json={})
            assert answer.status_code in {401, 422}, (method, path)
            assert answer.status_code == 401 or "receipt_id" in path, (method, path)


def test_a_request_id_goes_through_and_a_harmful_one_is_replaced(
    scoring: ScoringUnderTest,
) -> None:
    reader = scoring.practitioner()
    kept = reader.get("/v1/models", headers={"X-Request-ID": "case-system-0001"})
    assert kept.headers["X-Request-ID"] == "case-system-0001"
    replaced = reader.get("/v1/models", headers={"X-Request-ID": "a b<script>"})
    assert "script" not in replaced.headers["X-Request-ID"]
    assert kept.headers["Cache-Control"] == "no-store"


def test_nothing_that_was_submitted_is_echoed(scoring: ScoringUnderTest) -> None:
    name = "Examplename-Do-Not-Echo"
    author = scoring.client("models:propose", "updates:write", person_id="p-author")
    answers = [
        author.post("/v1/models/seraf/versions/1.0/proposal", json=body)
        for body in (
            {"reason": name[:10]},
            {"reason": [name]},
            {"reason": "x" * 30, name: 1},
            {"reason": None, "other": name},
            [name],
            name,
        )
    ] + [
        author.get(f"/v1/models/{name}/versions/{name}"),
        author.get(f"/v1/models?{name}=1"),
        scoring.practitioner().get(f"/v1/children/{name}/score"),
        scoring.practitioner().get(
            "/v1/children/01920000-0000-7000-8000-000000000001/score",
            params={"as_of": name, "version": name * 3},
        ),
    ]
    assert all(answer.status_code >= 400 for answer in answers)
    assert not any(name[:10] in answer.text for answer in answers)
