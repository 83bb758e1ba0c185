"""Every look at a child is recorded before the answer leaves; if it can't be, nothing leaves."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import anyio
import httpx
import pytest
from sqlalchemy import Connection, text
from starlette.types import Message

from services.gateway.store import ledger
from shared.storage.database import write_transaction
from tests.support.gateway import (
    GatewayUnderTest,
    ledger_entries,
    ledger_faults,
    look_often,
)

CHILD = "0190a000-0000-7000-8000-000000000001"
OTHER = "0190a000-0000-7000-8000-000000000002"


def test_a_look_at_a_child_says_who_whom_why_and_which_fields(gateway: GatewayUnderTest) -> None:
    gateway.services.answers = lambda _: httpx.Response(200, json={"total": "5", "band": "low"})
    answer = gateway.client("social-worker").get(
        f"/v1/children/{CHILD}/score", headers={"X-Request-ID": "request-0001"}
    )
    assert answer.status_code == 200
    assert answer.json() == {"total": "5", "band": "low"}
    (entry,) = ledger_entries(gateway)
    assert entry["children"] == {UUID(CHILD)}
    assert {key: entry[key] for key in ("client_id", "person_id", "purpose", "route")} == {
        "client_id": "social-worker",
        "person_id": "p-social-worker",
        "purpose": "safeguarding",
        "route": "/v1/children/{child_id}/score",
    }
    assert (entry["status"], entry["request_id"]) == (200, "request-0001")
    assert (entry["fields"], entry["withheld"]) == (["/band", "/total"], [])
    assert ledger_faults(gateway) == []


def test_the_children_of_a_list_are_all_recorded_in_one_entry(gateway: GatewayUnderTest) -> None:
    items = {"items": [{"child_id": CHILD}, {"child_id": OTHER}, {"child_id": CHILD}]}
    gateway.services.answers = lambda _: httpx.Response(200, json=items)
    assert gateway.client("council-case-system").get("/v1/referrals").status_code == 200
    (entry,) = ledger_entries(gateway)
    assert entry["children"] == {UUID(CHILD), UUID(OTHER)}
    assert entry["fields"] == ["/items", "/items/*/child_id"]
    assert ledger_faults(gateway) == []


def test_the_looks_at_one_child_can_be_listed(gateway: GatewayUnderTest) -> None:
    client = gateway.client("mace-chair")
    for child in (CHILD, OTHER, CHILD):
        client.get(f"/v1/children/{child}")
        gateway.clock.forward(minutes=1)
    with gateway.database.reading() as connection:
        found = ledger.looks_at(connection, UUID(CHILD))
    assert [look["position"] for look in found] == [1, 3]


@pytest.mark.parametrize("status", [404, 403, 409, 422, 500, 303])
def test_a_look_that_was_refused_is_recorded_too(
    sqlite_gateway: GatewayUnderTest, status: int
) -> None:
    sqlite_gateway.services.answers = lambda _: httpx.Response(status, json={"code": "x"})
    answer = sqlite_gateway.client("social-worker").get(f"/v1/children/{CHILD}/observations")
    assert answer.status_code == status
    (entry,) = ledger_entries(sqlite_gateway)
    assert (entry["status"], entry["children"]) == (status, {UUID(CHILD)})


def test_a_look_whose_child_is_withheld_is_answered_and_recorded_as_that(
    gateway: GatewayUnderTest,
) -> None:
    stored = {"id": OTHER, "child_id": None}
    gateway.services.answers = lambda _: httpx.Response(201, json=stored)
    answer = gateway.client("council-case-system").post("/v1/referrals", json={})
    assert (answer.status_code, answer.json()) == (201, stored)
    (entry,) = ledger_entries(gateway)
    assert entry["children"] == set()
    assert entry["withheld"] == ["/child_id"]
    assert ledger_faults(gateway) == []


def without_its_scope(gateway: GatewayUnderTest) -> Any:
    client = gateway.client("social-worker", scope="referrals:read")
    return client.get(f"/v1/children/{CHILD}/score")


def without_its_purpose(gateway: GatewayUnderTest) -> Any:
    said = {"Amber-Purpose": "performance"}
    return gateway.client("social-worker").get(f"/v1/children/{CHILD}/score", headers=said)


@pytest.mark.parametrize("ask", [without_its_scope, without_its_purpose])
def test_who_asked_for_a_child_and_was_refused_by_the_gateway_is_recorded_too(
    gateway: GatewayUnderTest, ask: Callable[[GatewayUnderTest], Any]
) -> None:
    assert ask(gateway).status_code == 403
    assert gateway.services.seen == []
    (entry,) = ledger_entries(gateway)
    assert (entry["client_id"], entry["children"]) == ("social-worker", {UUID(CHILD)})
    assert (entry["route"], entry["status"]) == ("/v1/children/{child_id}/score", 403)
    assert (entry["purpose"], entry["fields"]) == (None, [])
    assert ledger_faults(gateway) == []


def test_a_refusal_about_no_child_is_not_recorded(sqlite_gateway: GatewayUnderTest) -> None:
    path = "/v1/models/seraf/versions/1.0/proposal"
    assert sqlite_gateway.client("analyst").post(path, json={}).status_code == 403
    assert ledger_entries(sqlite_gateway) == []


def test_a_refusal_that_cannot_be_recorded_is_no_answer_either(gateway: GatewayUnderTest) -> None:
    client = gateway.client("analyst")
    with write_transaction(gateway.database.engine) as connection:
        drop_the_entries(connection)
    answer = client.get(f"/v1/children/{CHILD}")
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_unavailable")


def test_what_identifies_nobody_is_not_recorded(sqlite_gateway: GatewayUnderTest) -> None:
    assert sqlite_gateway.client("analyst").get("/v1/codes").status_code == 200
    assert ledger_entries(sqlite_gateway) == []


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/v1/referrals/1", b"<html>"),
        ("/v1/referrals/1", b""),
        ("/v1/referrals/1", json.dumps({"id": CHILD}).encode()),
        ("/v1/referrals", json.dumps({"items": [{"child_id": CHILD}, {}]}).encode()),
        (f"/v1/children/{CHILD}", b"not json"),
    ],
)
def test_an_answer_that_does_not_say_whose_it_is_does_not_leave(
    sqlite_gateway: GatewayUnderTest, path: str, content: bytes
) -> None:
    sqlite_gateway.services.answers = lambda _: httpx.Response(200, content=content)
    answer = sqlite_gateway.client("social-worker").get(path)
    assert (answer.status_code, answer.json()["code"]) == (502, "unreadable_answer")
    assert CHILD not in answer.text


def test_the_entry_is_committed_before_the_first_byte_leaves(gateway: GatewayUnderTest) -> None:
    committed: list[int] = []
    token = gateway.token("social-worker")
    path = f"/v1/children/{CHILD}"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"authorization", f"Bearer {token}".encode())],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Message) -> None:
        committed.append(len(ledger_entries(gateway)))

    anyio.run(gateway.app, scope, receive, send)
    assert committed == [1, 1]


def drop_the_entries(connection: Connection) -> None:
    connection.execute(text("DROP TABLE ledger_child"))
    connection.execute(text("DROP TABLE ledger_entry"))


def lose_the_head(connection: Connection) -> None:
    connection.execute(text("DELETE FROM ledger_head"))


@pytest.mark.parametrize("harm", [drop_the_entries, lose_the_head])
def test_what_cannot_be_recorded_is_not_answered(gateway: GatewayUnderTest, harm: Any) -> None:
    gateway.services.answers = lambda _: httpx.Response(200, json={"secret_of": "a child"})
    client = gateway.client("social-worker")
    with write_transaction(gateway.database.engine) as connection:
        harm(connection)
    answer = client.get(f"/v1/children/{CHILD}")
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_unavailable")
    assert answer.headers["retry-after"] == "1"
    assert "secret_of" not in answer.text
    assert client.get("/v1/codes").status_code == 200


def test_a_ledger_that_is_locked_for_too_long_answers_nothing(gateway: GatewayUnderTest) -> None:
    client = gateway.client("social-worker")
    with write_transaction(gateway.database.engine) as connection:
        connection.execute(text("UPDATE ledger_head SET position = position"))
        answer = client.get(f"/v1/children/{CHILD}")
    assert (answer.status_code, answer.json()["code"]) == (503, "ledger_unavailable")
    assert client.get(f"/v1/children/{CHILD}").status_code == 200
    assert ledger_faults(gateway) == []


def test_of_looks_at_once_none_is_answered_if_they_cannot_be_recorded(
    gateway: GatewayUnderTest,
) -> None:
    token = gateway.token("social-worker")
    with write_transaction(gateway.database.engine) as connection:
        drop_the_entries(connection)
    assert look_often(gateway.app, token, f"/v1/children/{CHILD}", 10) == [503] * 10
