"""Fetching tokens: RFC 6749's answers, and nothing for those who guess."""

from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import KeySet

from services.gateway.consumers import set_secret, suspend
from shared.http.callers import caller_from
from shared.http.tokens import key_set, verify
from tests.support.gateway import GatewayUnderTest

GRANT = {"grant_type": "client_credentials"}


def keys(gateway: GatewayUnderTest) -> KeySet:
    return key_set(gateway.anybody().get("/.well-known/jwks.json").json()["keys"])


def claims(gateway: GatewayUnderTest, token: str, audience: str) -> dict[str, Any]:
    return verify(token, keys(gateway), issuer="amber", audience=audience, now=gateway.clock())


def test_a_token_is_signed_for_ten_minutes_and_says_for_whom(gateway: GatewayUnderTest) -> None:
    answer = gateway.fetch_token("police-feed")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    assert body["scope"] == "codes:read feeds:read updates:read updates:write"
    found = claims(gateway, body["access_token"], "amber")
    assert (found["sub"], found["client_id"]) == ("police-feed", "police-feed")
    assert found["exp"] - found["iat"] == 600
    assert found["jti"]
    assert found["scope"] == body["scope"]


def test_the_public_keys_hold_nothing_private(sqlite_gateway: GatewayUnderTest) -> None:
    (key,) = sqlite_gateway.anybody().get("/.well-known/jwks.json").json()["keys"]
    assert "d" not in key
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("OKP", "Ed25519", "sig", "Ed25519")


def test_the_secret_may_stand_in_the_form(gateway: GatewayUnderTest) -> None:
    form = {**GRANT, "client_id": "analyst", "client_secret": gateway.secrets["analyst"]}
    assert gateway.anybody().post("/oauth2/token", data=form).status_code == 200


def test_fewer_scopes_can_be_asked_for(gateway: GatewayUnderTest) -> None:
    body = gateway.fetch_token("social-worker", scope="scores:read").json()
    assert body["scope"] == "scores:read"


def test_a_service_gets_a_token_for_the_other_service(gateway: GatewayUnderTest) -> None:
    body = gateway.fetch_token("scoring", audience="referrals").json()
    assert body["expires_in"] == 300
    caller = caller_from(claims(gateway, body["access_token"], "referrals"))
    assert (caller.client_id, caller.kind) == ("scoring", "service")
    assert caller.scopes == {"internal:events"}


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
        ({"scope": "referrals:decide"}, 400, "invalid_scope"),
        ({"audience": "referrals"}, 400, "invalid_target"),
        ({"client_secret": "twice"}, 400, "invalid_request"),
    ],
)
def test_a_wrong_request_gets_the_code_of_the_standard(
    sqlite_gateway: GatewayUnderTest, changes: dict[str, str], status: int, error: str
) -> None:
    answer = sqlite_gateway.fetch_token("police-feed", **changes)
    assert (answer.status_code, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'{"grant_type": "client_credentials"}', "application/json"),
        (b"grant_type=client_credentials&grant_type=client_credentials", None),
        (b"grant_type", None),
        (b"grant_type=%ff", None),
        (b"\xff=1", None),
        (b"&".join(b"f%d=1" % n for n in range(50)), None),
        (b"a=" + b"b" * 9000, None),
    ],
)
def test_a_form_that_cannot_be_read_is_an_invalid_request(
    sqlite_gateway: GatewayUnderTest, content: bytes, media_type: str | None
) -> None:
    answer = sqlite_gateway.anybody().post(
        "/oauth2/token",
        content=content,
        headers={"Content-Type": media_type or "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_nobody_learns_whether_a_client_exists(gateway: GatewayUnderTest) -> None:
    tries = [("police-feed", "wrong"), ("nobody", "wrong"), ("police-feed", ""), ("a\x00b", "x")]
    answers = [
        gateway.anybody().post("/oauth2/token", data=GRANT, auth=credentials)
        for credentials in tries
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["error"] == "invalid_client"
    assert answers[0].headers["www-authenticate"].startswith("Basic")


@pytest.mark.parametrize("header", ["Basic", "Basic ???", "Basic bm9jb2xvbg==", "Bearer x"])
def test_credentials_that_cannot_be_read_are_no_client(
    sqlite_gateway: GatewayUnderTest, header: str
) -> None:
    answer = sqlite_gateway.anybody(Authorization=header).post("/oauth2/token", data=GRANT)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_suspended_consumer_gets_no_token(gateway: GatewayUnderTest) -> None:
    with gateway.database.writing(gateway.clock) as transaction:
        suspend(transaction, "police-feed", "lost laptop")
    answer = gateway.fetch_token("police-feed")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_two_secrets_are_good_at_once_so_that_one_can_be_replaced(
    gateway: GatewayUnderTest,
) -> None:
    with gateway.database.writing(gateway.clock) as transaction:
        set_secret(transaction, "police-feed", 2, "the-next-one")
    for secret in (gateway.secrets["police-feed"], "the-next-one"):
        answer = gateway.anybody().post("/oauth2/token", data=GRANT, auth=("police-feed", secret))
        assert answer.status_code == 200


def test_a_token_of_a_moment_ago_has_another_id(gateway: GatewayUnderTest) -> None:
    first = claims(gateway, gateway.token("police-feed"), "amber")
    gateway.clock.now += timedelta(seconds=1)
    assert claims(gateway, gateway.token("police-feed"), "amber")["jti"] != first["jti"]
