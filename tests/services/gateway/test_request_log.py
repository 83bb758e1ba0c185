"""The log says what happened, and nothing about whom."""

import json
import logging
from typing import Any

import httpx
import pytest

from tests.support.gateway import GatewayUnderTest

CHILD = "0190a000-0000-7000-8000-000000000001"


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [
        json.loads(record.message)
        for record in caplog.records
        if record.name == "amber.requests" and "oauth2" not in record.message
    ]


def everything(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, but for the test's own client."""
    return "\n".join(r.getMessage() for r in caplog.records if r.name != "httpx2")


def test_each_request_has_a_line_without_anything_personal(
    sqlite_gateway: GatewayUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    sqlite_gateway.services.answers = lambda _: httpx.Response(200, json={"name": "Test Child"})
    client = sqlite_gateway.client("social-worker")
    client.get(f"/v1/children/{CHILD}?as_of=2026-05-01", headers={"X-Request-ID": "request-0001"})
    (line,) = lines(caplog)
    assert line.pop("milliseconds") >= 0
    assert line == {
        "request_id": "request-0001",
        "client_id": "social-worker",
        "method": "GET",
        "route": "/v1/children/{child_id}",
        "status": 200,
    }
    written = everything(caplog)
    assert not any(text in written for text in (CHILD, "2026-05-01", "Test Child", "eyJ"))


def test_a_refused_request_has_its_line_too(
    sqlite_gateway: GatewayUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = sqlite_gateway.anybody()
    client.get(f"/v1/children/{CHILD}")
    client.get("/v1/unknown/Test-Child")
    client.get("/Test-Child")
    client.get("/livez")
    found = [(line["route"], line["status"], line["client_id"]) for line in lines(caplog)]
    assert found == [
        ("/v1/children/{child_id}", 401, None),
        (None, 404, None),
        (None, 404, None),
        ("/livez", 200, None),
    ]
    assert not any(text in everything(caplog) for text in (CHILD, "Test-Child"))
