"""Calling a tracker that is busy, gone for a while, or tired of our token."""

import json
from collections.abc import Iterator

import httpx
import pytest

from services.cli.client import Client, RefusedError, UnreachableError
from services.cli.credentials import ClientCredentials

Answer = httpx.Response | Exception


def a_client(
    answers: Iterator[Answer], *, patience: float = 60, tokens: int = 600
) -> tuple[Client, list[float], list[httpx.Request]]:
    """A client of a tracker that gives these answers, the pauses it makes, and what it asks."""
    pauses: list[float] = []
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        if request.url.path == "/oauth2/token":
            token = {"access_token": f"t{len(asked)}", "expires_in": tokens, "scope": "a b"}
            return httpx.Response(200, json=token)
        given = next(answers)
        if isinstance(given, Exception):
            raise given
        return given

    client = Client(
        "http://tracker.test",
        ClientCredentials("police-feed", "a-secret"),
        patience,
        sleep=pauses.append,
        transport=httpx.MockTransport(answer),
    )
    return client, pauses, asked


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    body = {"code": code, "detail": "Told in words.", "request_id": "r1"}
    return httpx.Response(status, json=body, headers=headers)


TAKEN = httpx.Response(200, json={"items": []})


@pytest.mark.parametrize(
    "first",
    [
        problem(503, "database_unavailable"),
        problem(504, "upstream_timeout"),
        problem(429, "too_many_requests"),
        problem(409, "in_flight"),
        httpx.Response(502, text="<html>Bad gateway</html>"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("cut"),
    ],
)
def test_what_may_pass_is_waited_for_under_the_same_key(first: Answer) -> None:
    client, pauses, asked = a_client(iter([first, TAKEN]))
    assert client.post("/x", b"[]", "key-12345") == {"items": []}
    assert len(pauses) == 1
    sent = [request for request in asked if request.url.path == "/x"]
    assert [request.headers["idempotency-key"] for request in sent] == ["key-12345"] * 2


def test_pauses_grow_and_retry_after_is_honoured() -> None:
    busy = [problem(503, "behind") for _ in range(5)]
    client, pauses, _ = a_client(iter([*busy, problem(429, "slow", **{"Retry-After": "7"}), TAKEN]))
    client.post("/x", b"[]", "key-12345")
    assert all(0.5 <= pause / (0.25 * 2**n) <= 1 for n, pause in enumerate(pauses[:5]))
    assert 7 <= pauses[5] < 8.1


def test_patience_ends_with_the_last_reason() -> None:
    client, _, _ = a_client(iter([problem(503, "behind", **{"Retry-After": "61"})]))
    with pytest.raises(UnreachableError, match=r"503 behind: Told in words. \(request r1\)"):
        client.post("/x", b"[]", "key-12345")


def test_a_token_that_is_no_longer_taken_is_renewed_once() -> None:
    client, pauses, asked = a_client(iter([problem(401, "expired_token"), TAKEN]))
    client.post("/x", b"[]", "key-12345")
    assert pauses == []
    sent = [request for request in asked if request.url.path == "/x"]
    assert [request.headers["authorization"] for request in sent] == ["Bearer t1", "Bearer t3"]
    refused, _, _ = a_client(iter([problem(401, "suspended"), problem(401, "suspended")]))
    with pytest.raises(RefusedError, match="401 suspended"):
        refused.post("/x", b"[]", "key-12345")


def test_a_token_is_renewed_before_it_expires() -> None:
    fetched = []
    for life in (600, 30):
        client, _, asked = a_client(iter([TAKEN, TAKEN]), tokens=life)
        client.post("/x", b"[]", "key-12345")
        assert client._token is not None
        if life == 30:
            client._token.until -= 1  # a second passes
        client.post("/x", b"[]", "key-67890")
        fetched.append(sum(request.url.path == "/oauth2/token" for request in asked))
    assert fetched == [1, 2]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (problem(403, "insufficient_scope"), "403 insufficient_scope"),
        (httpx.Response(404, text="<html>" * 1000), "404: Not Found"),
        (httpx.Response(301, headers={"Location": "https://elsewhere"}), "301: Moved Permanently"),
        (httpx.Response(200, text="<html>"), "isn't an Amber tracker"),
        (httpx.Response(403, text=json.dumps(["odd"])), "403: Forbidden"),
    ],
)
def test_what_will_not_pass_is_told_at_once(answer: httpx.Response, told: str) -> None:
    client, pauses, _ = a_client(iter([answer]))
    with pytest.raises(RefusedError, match=told):
        client.post("/x", b"[]", "key-12345")
    assert pauses == []


@pytest.mark.parametrize("url", ["", "tracker", "ftp://tracker", "http://", "https://me:pw@host"])
def test_an_address_that_cannot_be_one_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(RefusedError, match="Write --url as"):
        Client(url, ClientCredentials("police-feed", "a-secret"), 1)


def test_a_secret_is_not_shown_by_the_way() -> None:
    client, _, _ = a_client(iter([]))
    assert "a-secret" not in repr(client)
