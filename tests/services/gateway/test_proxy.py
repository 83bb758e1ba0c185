"""What goes through the gateway, what doesn't, and what it says when a service is missing."""

from typing import Any

import anyio
import httpx
from typing_extensions import override

from shared.http.callers import caller_from
from shared.http.tokens import verify
from tests.support.gateway import FakeServices, GatewayUnderTest, running_gateway
from tests.support.service import SettableClock

CHILD = "0190a000-0000-7000-8000-000000000001"
SCORE = f"/v1/children/{CHILD}/score"


def the_request(gateway: GatewayUnderTest) -> httpx.Request:
    (request,) = gateway.services.seen
    return request


def test_method_path_query_and_body_reach_the_service(sqlite_gateway: GatewayUnderTest) -> None:
    sqlite_gateway.services.answers = lambda _: httpx.Response(200, json={"results": []})
    answer = sqlite_gateway.client("police-feed").post(
        "/v1/indicator-updates", json={"updates": [1]}
    )
    assert (answer.status_code, answer.json()) == (200, {"results": []})
    request = the_request(sqlite_gateway)
    assert (request.method, str(request.url)) == ("POST", "http://scoring/v1/indicator-updates")
    assert request.read() == b'{"updates":[1]}'
    assert request.headers["content-type"] == "application/json"


def test_a_query_goes_through_as_it_was_written(sqlite_gateway: GatewayUnderTest) -> None:
    sqlite_gateway.client("social-worker").get(
        f"{SCORE}?as_of=2026-05-01&known_at=2026-05-01T00%3A00%3A00Z"
    )
    assert (
        the_request(sqlite_gateway).url.query
        == b"as_of=2026-05-01&known_at=2026-05-01T00%3A00%3A00Z"
    )


def test_the_service_learns_who_is_calling_from_a_token_of_the_gateways(
    gateway: GatewayUnderTest,
) -> None:
    gateway.client("mace-chair").get(SCORE)
    token = the_request(gateway).headers["authorization"].removeprefix("Bearer ")
    keys = gateway.app.state.service.trusted_keys.keys
    now = gateway.clock()
    claims = verify(token, keys, issuer="amber", audience="scoring", now=now)
    assert claims["exp"] - claims["iat"] == 60
    caller = caller_from(claims)
    assert (caller.client_id, caller.kind) == ("mace-chair", "person")
    assert (caller.person_id, caller.purpose) == ("p-mace-chair", "safeguarding")
    assert caller.agency == "social_care"
    assert caller.sight.teams is None
    assert caller.sight.clearances == {"restricted"}
    assert "scores:read" in caller.scopes


def test_a_feeds_agency_and_sources_are_in_the_token(gateway: GatewayUnderTest) -> None:
    gateway.client("police-feed").post("/v1/indicator-updates", json={})
    token = the_request(gateway).headers["authorization"].removeprefix("Bearer ")
    keys = gateway.app.state.service.trusted_keys.keys
    claims = verify(token, keys, issuer="amber", audience="scoring", now=gateway.clock())
    caller = caller_from(claims)
    assert (caller.agency, caller.sources) == ("police", ("police-feed",))
    assert caller.sight.teams == frozenset()


def test_only_harmless_headers_reach_the_service(sqlite_gateway: GatewayUnderTest) -> None:
    client = sqlite_gateway.client("social-worker")
    own = client.headers["authorization"]
    sent = {
        "Idempotency-Key": "key-00000001",
        "Amber-Min-Position": "referrals:3",
        "If-Match": '"1"',
        "Traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "X-Request-ID": "request-0001",
        "X-Forwarded-For": "10.0.0.1",
        "X-Person-Id": "p-somebody-else",
        "Forwarded": "for=10.0.0.1",
        "Cookie": "session=1",
        "Proxy-Authorization": "Basic abc",
        "X-HTTP-Method-Override": "DELETE",
        "Accept-Encoding": "gzip",
        "Connection": "X-Request-ID",
        "Transfer-Encoding": "identity",
    }
    client.get(SCORE, headers=sent)
    received = the_request(sqlite_gateway).headers
    assert received["authorization"] != own
    assert received["host"] == "scoring"
    assert received["accept-encoding"] == "identity"
    assert set(received) <= {
        "accept",
        "accept-encoding",
        "amber-min-position",
        "authorization",
        "connection",
        "host",
        "idempotency-key",
        "if-match",
        "traceparent",
        "user-agent",
        "x-request-id",
    }
    for name in ("idempotency-key", "amber-min-position", "if-match", "x-request-id"):
        assert name in received
    assert received["connection"] == "keep-alive"


def test_only_listed_headers_of_an_answer_leave(sqlite_gateway: GatewayUnderTest) -> None:
    kept = {
        "amber-position": "scoring:7",
        "etag": '"1"',
        "location": "/v1/indicator-updates/1",
        "link": '</v1/x>; rel="next"',
        "idempotent-replayed": "true",
    }
    dropped = {"server": "uvicorn", "set-cookie": "a=b", "x-internal": "1", "x-request-id": "other"}
    sqlite_gateway.services.answers = lambda _: httpx.Response(201, json={}, headers=kept | dropped)
    answer = sqlite_gateway.client("police-feed").post(
        "/v1/indicator-updates", json={}, headers={"X-Request-ID": "request-0001"}
    )
    assert {name: answer.headers[name] for name in kept} == kept
    assert answer.headers["x-request-id"] == "request-0001"
    assert answer.headers["cache-control"] == "no-store"
    assert not {"server", "set-cookie", "x-internal"} & set(answer.headers)


def test_not_modified_is_not_asked_for_where_the_answer_says_whose_it_is(
    gateway: GatewayUnderTest,
) -> None:
    gateway.services.answers = lambda _: httpx.Response(200, json={"child_id": CHILD})
    client = gateway.client("social-worker")
    client.get("/v1/referrals/1", headers={"If-None-Match": '"1"'})
    client.get(f"/v1/children/{CHILD}", headers={"If-None-Match": '"1"'})
    by_body, by_path = gateway.services.seen
    assert "if-none-match" not in by_body.headers
    assert by_path.headers["if-none-match"] == '"1"'


def test_a_problem_of_a_service_goes_through_as_it_is(sqlite_gateway: GatewayUnderTest) -> None:
    found = {"code": "no_version_in_force", "status": 409}
    sqlite_gateway.services.answers = lambda _: httpx.Response(
        409, json=found, headers={"Content-Type": "application/problem+json"}
    )
    answer = sqlite_gateway.client("social-worker").get(SCORE)
    assert (answer.status_code, answer.json()) == (409, found)
    assert answer.headers["content-type"] == "application/problem+json"


def refuse(_request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def test_a_service_that_is_down_is_said_to_be(sqlite_gateway: GatewayUnderTest) -> None:
    sqlite_gateway.services.answers = refuse
    answer = sqlite_gateway.client("social-worker").get(SCORE)
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_service_that_does_not_take_our_token_is_not_the_callers_fault(
    sqlite_gateway: GatewayUnderTest,
) -> None:
    sqlite_gateway.services.answers = lambda _: httpx.Response(401, json={"code": "invalid_token"})
    answer = sqlite_gateway.client("social-worker").get(SCORE)
    assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")


class StuckServices(FakeServices):
    """Never answer."""

    @override
    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        return self(request)


def test_a_service_that_is_stuck_is_not_waited_for(
    sqlite_databases: Any, tmp_path: Any, clock: SettableClock
) -> None:
    with running_gateway(
        tmp_path,
        sqlite_databases.fresh("gateway"),
        clock,
        services=StuckServices(),
        deadline_seconds=0.05,
    ) as gateway:
        answer = gateway.client("social-worker").get(SCORE)
    assert (answer.status_code, answer.json()["code"]) == (504, "upstream_timeout")


def test_the_gateway_is_live_and_ready_without_its_services(gateway: GatewayUnderTest) -> None:
    gateway.services.answers = refuse
    client = gateway.anybody()
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").json() == {
        "status": "ready",
        "checks": {"database": "ok", "loops": "ok"},
    }
    assert client.get("/version").json()["service"] == "gateway"


def test_the_document_of_the_whole_api_is_served(sqlite_gateway: GatewayUnderTest) -> None:
    answer = sqlite_gateway.anybody().get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
