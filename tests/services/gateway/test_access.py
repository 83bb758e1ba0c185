"""Who gets in at all: tokens that count, consumers that are not suspended, scopes, purposes."""

import base64
import json
from collections.abc import Callable

import pytest
from joserfc.jwk import OKPKey

from services.gateway.consumers import register, suspend
from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.signing import Signer, load_signer
from shared.domain.access import Sight
from shared.http.tokens import sign
from tests.support.gateway import GatewayUnderTest

PATH = "/v1/codes"
CHILD_PATH = "/v1/children/0190a000-0000-7000-8000-000000000001"


def forged(gateway: GatewayUnderTest, key: OKPKey, **changes: object) -> str:
    now = int(gateway.clock().timestamp())
    claims = {
        "iss": "amber",
        "aud": "amber",
        "sub": "analyst",
        "client_id": "analyst",
        "iat": now,
        "exp": now + 600,
        "scope": "codes:read",
    }
    return sign({**claims, **changes}, key)


def own(gateway: GatewayUnderTest) -> Signer:
    return load_signer("amber", gateway.settings.signing_key_file)


def segment(content: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def with_foreign_key(gateway: GatewayUnderTest) -> str:
    kid = own(gateway).key.kid
    assert kid
    return forged(gateway, OKPKey.generate_key("Ed25519", {"kid": kid}))


def for_another_audience(gateway: GatewayUnderTest) -> str:
    return forged(gateway, own(gateway).key, aud="scoring")


def of_another_issuer(gateway: GatewayUnderTest) -> str:
    return forged(gateway, own(gateway).key, iss="somebody-else")


def of_nobody_known(gateway: GatewayUnderTest) -> str:
    return forged(gateway, own(gateway).key, sub="nobody", client_id="nobody")


def without_a_signature(gateway: GatewayUnderTest) -> str:
    _, payload, _ = gateway.token("analyst").split(".")
    return f"{segment({'alg': 'none', 'typ': 'at+jwt'})}.{payload}."


def signed_with_the_public_key(gateway: GatewayUnderTest) -> str:
    _, payload, signature = gateway.token("analyst").split(".")
    return f"{segment({'alg': 'HS256', 'typ': 'at+jwt'})}.{payload}.{signature}"


def tampered_with(gateway: GatewayUnderTest) -> str:
    header, _, signature = gateway.token("analyst").split(".")
    _, payload, _ = gateway.token("social-worker").split(".")
    return f"{header}.{payload}.{signature}"


def of_a_service(gateway: GatewayUnderTest) -> str:
    return gateway.token("scoring", audience="referrals")


@pytest.mark.parametrize(
    "make",
    [
        with_foreign_key,
        for_another_audience,
        of_another_issuer,
        of_nobody_known,
        without_a_signature,
        signed_with_the_public_key,
        tampered_with,
        of_a_service,
        lambda _: "x",
        lambda _: "a.b.c",
    ],
)
def test_a_token_that_is_not_ours_or_not_for_us_is_refused(
    sqlite_gateway: GatewayUnderTest, make: Callable[[GatewayUnderTest], str]
) -> None:
    answer = sqlite_gateway.anybody(Authorization=f"Bearer {make(sqlite_gateway)}").get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert sqlite_gateway.services.seen == []


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc"])
def test_without_a_token_nothing_is_answered(
    sqlite_gateway: GatewayUnderTest, header: str | None
) -> None:
    client = (
        sqlite_gateway.anybody() if header is None else sqlite_gateway.anybody(Authorization=header)
    )
    answer = client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, "missing_token")
    assert "www-authenticate" in answer.headers


def test_a_token_ends_after_ten_minutes(gateway: GatewayUnderTest) -> None:
    client = gateway.client("analyst")
    gateway.clock.forward(minutes=10)
    assert client.get(PATH).status_code == 200
    gateway.clock.forward(seconds=6)
    answer = client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, "expired_token")


def test_a_suspended_consumer_is_refused_on_its_next_request(gateway: GatewayUnderTest) -> None:
    client = gateway.client("analyst")
    assert client.get(PATH).status_code == 200
    with gateway.database.writing(gateway.clock) as transaction:
        suspend(transaction, "analyst", "left the council")
    answer = client.get(PATH)
    assert (answer.status_code, answer.json()["code"]) == (401, "suspended")
    assert len(gateway.services.seen) == 1


def test_a_missing_scope_is_named(gateway: GatewayUnderTest) -> None:
    answer = gateway.client("analyst").get(CHILD_PATH)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")
    assert answer.json()["missing_scopes"] == ["children:read"]
    assert gateway.services.seen == []


def test_a_narrower_token_does_less_than_its_consumer_may(gateway: GatewayUnderTest) -> None:
    client = gateway.client("social-worker", scope="codes:read")
    assert client.get(PATH).status_code == 200
    assert client.get(CHILD_PATH).status_code == 403


def test_a_role_that_was_taken_away_no_longer_counts_in_old_tokens(
    gateway: GatewayUnderTest,
) -> None:
    client = gateway.client("social-worker")
    demoted = Consumer(
        "social-worker",
        Kind.PERSON,
        "p-social-worker",
        roles=frozenset({"analyst"}),
        purposes=frozenset({"safeguarding"}),
        sight=Sight(teams=None),
    )
    with gateway.database.writing(gateway.clock) as transaction:
        register(transaction, demoted, gateway.secrets["social-worker"])
    assert client.get(PATH).status_code == 200
    assert client.get(CHILD_PATH).status_code == 403


def test_a_purpose_of_somebody_else_is_refused(gateway: GatewayUnderTest) -> None:
    answer = gateway.client("social-worker").get(
        CHILD_PATH, headers={"Amber-Purpose": "performance"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "purpose_not_allowed")
    assert "performance" not in answer.text


def test_of_several_purposes_one_must_be_given(gateway: GatewayUnderTest) -> None:
    several = Consumer(
        "duty-desk",
        Kind.MACHINE,
        roles=frozenset({"case_system"}),
        purposes=frozenset({"safeguarding", "early_help"}),
    )
    with gateway.database.writing(gateway.clock) as transaction:
        register(transaction, several, "a-secret")
    gateway.secrets["duty-desk"] = "a-secret"
    client = gateway.client("duty-desk")
    answer = client.get(CHILD_PATH)
    assert (answer.status_code, answer.json()["code"]) == (403, "purpose_required")
    assert client.get(CHILD_PATH, headers={"Amber-Purpose": "early_help"}).status_code == 200
