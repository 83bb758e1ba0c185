"""What never gets to a service: paths, methods, bodies, queries and headers that are refused."""

import pytest

from tests.support.gateway import GatewayUnderTest, raw_request


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/nothing", "/v1/internal/events", "/internal/events", "/v1/children"]
)
def test_what_the_policy_does_not_name_is_not_found(
    sqlite_gateway: GatewayUnderTest, path: str
) -> None:
    answer = sqlite_gateway.client("social-worker").get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert sqlite_gateway.services.seen == []


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "get"])
def test_another_method_is_answered_with_those_that_are_offered(
    sqlite_gateway: GatewayUnderTest, method: str
) -> None:
    answer = raw_request(sqlite_gateway, "/v1/referrals", method=method)
    assert answer["status"] == 405
    assert answer["headers"][b"allow"] == b"GET, POST"
    assert sqlite_gateway.services.seen == []


@pytest.mark.parametrize(
    "path",
    [
        "/v1/../internal/events",
        "/v1/children/../../internal/events",
        "/v1/%2e%2e/internal/events",
        "/v1/children/%2e%2e%2finternal",
        "/v1//referrals",
        "/v1/referrals//",
        "/v1/referrals/",
        "//v1/referrals",
        "/v1/referrals%2F1",
        "/v1/referrals/1%0d%0aX-Evil:%201",
        "/v1/referrals/%00",
        "/v1/referrals/1;a=b",
        "/%76%31/referrals",
        "/V1/referrals",
        "/v1/" + "a" * 600,
    ],
)
def test_a_trick_with_the_path_never_reaches_a_service(
    sqlite_gateway: GatewayUnderTest, path: str
) -> None:
    assert raw_request(sqlite_gateway, path)["status"] in {400, 404}
    assert sqlite_gateway.services.seen == []


def test_a_body_that_is_too_large_is_refused_before_it_is_read_whole(
    sqlite_gateway: GatewayUnderTest,
) -> None:
    client = sqlite_gateway.client("police-feed")
    whole = b"x" * (4 * 1024 * 1024 + 1)
    for content in (whole, iter([whole[:1000], whole])):
        answer = client.post("/v1/indicator-updates", content=content)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert sqlite_gateway.services.seen == []


def test_a_query_that_is_too_long_is_refused(sqlite_gateway: GatewayUnderTest) -> None:
    answer = sqlite_gateway.client("analyst").get("/v1/codes?" + "a" * 5000)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_query")


def test_a_header_that_is_not_plain_is_refused(sqlite_gateway: GatewayUnderTest) -> None:
    answer = sqlite_gateway.client("analyst").get("/v1/codes", headers=[(b"accept", b"caf\xe9")])
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_header")
    assert sqlite_gateway.services.seen == []
