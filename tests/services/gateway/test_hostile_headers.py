"""An Authorization header may hold anything: it is a refusal, never a fault of ours."""

import base64
import json

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.gateway import GatewayUnderTest

ANY_BYTES = st.binary(max_size=40).map(lambda raw: raw.translate(None, b"\r\n\x00"))
IN_BASE64 = ANY_BYTES.map(base64.b64encode)
BOUNDED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@BOUNDED
@given(st.sampled_from([b"Basic", b"basic", b"Bearer", b""]), ANY_BYTES | IN_BASE64)
@example(b"Basic", "é".encode())
@example(b"Basic", b"\xe9")
def test_no_authorization_header_breaks_the_token_endpoint(
    sqlite_gateway: GatewayUnderTest, kind: bytes, rest: bytes
) -> None:
    answer = sqlite_gateway.anybody().post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        headers=[(b"authorization", kind + b" " + rest)],
    )
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@BOUNDED
@given(ANY_BYTES | IN_BASE64)
@example(b"\xe9")
@example(base64.urlsafe_b64encode(json.dumps({"alg": "Ed25519", "crit": 5}).encode()) + b".e30.x")
def test_no_bearer_token_breaks_a_route(sqlite_gateway: GatewayUnderTest, token: bytes) -> None:
    answer = sqlite_gateway.anybody().get(
        "/v1/codes", headers=[(b"authorization", b"Bearer " + token)]
    )
    assert (answer.status_code, answer.json()["code"]) in {
        (401, "invalid_token"),
        (401, "missing_token"),
    }
