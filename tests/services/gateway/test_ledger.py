"""Every look at a child is recorded before the answer leaves; if it can't be, nothing leaves."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import DBAPIError
from starlette.types import Message

from services.gateway.store import ledger
from services.gateway.tables import ledger_child, ledger_entry
from shared.storage.database import write_transaction
from tests.support.databases import Databases
from tests.support.gateway import GatewayUnderTest, running_gateway
from tests.support.service import SettableClock

CHILD = "0190a000-0000-7000-8000-000000000001"
OTHER = "0190a000-0000-7000-8000-000000000002"


def entries(gateway: GatewayUnderTest) -> list[dict[str, Any]]:
    with gateway.database.reading() as connection:
        rows = connection.execute(select(ledger_entry).order_by(ledger_entry.c.position))
        found = [dict(row) for row in rows.mappings()]
        for entry in found:
            entry["children"] = set(
                connection.scalars(
                    select(ledger_child.c.child_id).where(
                        ledger_child.c.position == entry["position"]
                    )
                )
            )
    return found


def whole(gateway: GatewayUnderTest) -> list[str]:
    with gateway.database.reading() as connection:
        return list(ledger.faults(connection))


def test_a_look_at_a_child_says_who_whom_why_and_which_fields(gateway: GatewayUnderTest) -> None:
    gateway.services.answers = lambda _: httpx.Response(200, json={"total": "5", "band": "low"})
    answer = gateway.client("social-worker").get(
        f"/v1/children/{CHILD}/score", headers={"X-Request-ID": "request-0001"}
    )
    assert answer.status_code == 200
    assert answer.json() == {"total": "5", "band": "low"}
    (entry,) = entries(gateway)
    assert entry["children"] == {UUID(CHILD)}
    assert {key: entry[key] for key in ("client_id", "person_id", "purpose", "route")} == {
        "client_id": "social-worker",
        "person_id": "p-social-worker",
        "purpose": "safeguarding",
        "route": "/v1/children/{child_id}/score",
    }
    assert (entry["status"], entry["request_id"]) == (200, "request-0001")
    assert entry["fields"] == ["/band", "/total"]
    assert whole(gateway) == []


def test_the_children_of_a_list_are_all_recorded_in_one_entry(gateway: GatewayUnderTest) -> None:
    items = {"items": [{"child_id": CHILD}, {"child_id": OTHER}, {"child_id": CHILD}]}
    gateway.services.answers = lambda _: httpx.Response(200, json=items)
    assert gateway.client("council-case-system").get("/v1/referrals").status_code == 200
    (entry,) = entries(gateway)
    assert entry["children"] == {UUID(CHILD), UUID(OTHER)}
    assert entry["fields"] == ["/items", "/items/*/child_id"]
    assert whole(gateway) == []


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
    (entry,) = entries(sqlite_gateway)
    assert (entry["status"], entry["children"]) == (status, {UUID(CHILD)})


def test_what_identifies_nobody_is_not_recorded(sqlite_gateway: GatewayUnderTest) -> None:
    assert sqlite_gateway.client("analyst").get("/v1/codes").status_code == 200
    assert entries(sqlite_gateway) == []


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
        committed.append(len(entries(gateway)))

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
    assert whole(gateway) == []


def test_the_database_refuses_to_change_or_delete_what_was_recorded(
    gateway: GatewayUnderTest,
) -> None:
    gateway.client("social-worker").get(f"/v1/children/{CHILD}")
    for change in (
        update(ledger_entry).values(client_id="somebody-else"),
        delete(ledger_entry),
        update(ledger_child).values(child_id=UUID(OTHER)),
        delete(ledger_child),
    ):
        with (
            pytest.raises(DBAPIError, match="append-only"),
            write_transaction(gateway.database.engine) as connection,
        ):
            connection.execute(change)


def without_guards(gateway: GatewayUnderTest, *statements: str) -> None:
    """Change the ledger as somebody could who owns the database."""
    with write_transaction(gateway.database.engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for table in ("ledger_entry", "ledger_child"):
                for operation in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER {table}_refuses_{operation}"))
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE ledger_entry SET client_id = 'x' WHERE position = 2",
            "gateway-1: position 2 was changed after it was written",
        ),
        (
            "UPDATE ledger_entry SET fields = '[7]' WHERE position = 2",
            "gateway-1: position 2 was changed after it was written",
        ),
        (
            "DELETE FROM ledger_child WHERE position = 2",
            "gateway-1: position 2 was changed after it was written",
        ),
        (
            "UPDATE ledger_head SET position = 2",
            "gateway-1: the chain ends at position 3, its head says 2",
        ),
    ],
)
def test_a_change_behind_our_back_is_found(
    gateway: GatewayUnderTest, statement: str, fault: str
) -> None:
    client = gateway.client("social-worker")
    for _ in range(3):
        client.get(f"/v1/children/{CHILD}")
    assert whole(gateway) == []
    without_guards(gateway, statement)
    assert whole(gateway) == [fault]


def test_a_missing_entry_is_found(gateway: GatewayUnderTest) -> None:
    client = gateway.client("social-worker")
    for _ in range(3):
        client.get(f"/v1/children/{CHILD}")
    without_guards(
        gateway,
        "DELETE FROM ledger_child WHERE position = 2",
        "DELETE FROM ledger_entry WHERE position = 2",
    )
    assert whole(gateway) == [
        "gateway-1: position 2 is missing",
        "gateway-1: position 3 does not follow from the entry before it",
    ]


def look_often(app: FastAPI, token: str, times: int) -> list[int]:
    """Many looks at once through one app."""
    statuses: list[int] = []

    async def look(client: httpx.AsyncClient) -> None:
        statuses.append((await client.get(f"/v1/children/{CHILD}")).status_code)

    async def all_at_once() -> None:
        async with (
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url="http://gateway",
                headers={"Authorization": f"Bearer {token}"},
            ) as client,
            anyio.create_task_group() as group,
        ):
            for _ in range(times):
                group.start_soon(look, client)

    anyio.run(all_at_once)
    return statuses


@pytest.mark.parametrize("instances", [("gateway-1", "gateway-1"), ("gateway-1", "gateway-2")])
def test_looks_at_once_through_two_gateways_leave_whole_chains(
    databases: Databases, tmp_path: Path, clock: SettableClock, instances: tuple[str, str]
) -> None:
    url = databases.fresh("gateway")
    with (
        running_gateway(tmp_path, url, clock, instance=instances[0]) as one,
        running_gateway(tmp_path, url, clock, instance=instances[1]) as two,
        ThreadPoolExecutor(2) as pool,
    ):
        tokens = [gateway.token("social-worker") for gateway in (one, two)]
        apps = [one.app, two.app]
        statuses = list(pool.map(look_often, apps, tokens, [20, 20]))
        assert statuses == [[200] * 20, [200] * 20]
        assert len(entries(one)) == 40
        assert whole(one) == []
        assert {entry["instance"] for entry in entries(one)} == set(instances)
