"""The ledger's chain: nothing in it changes unseen, however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from services.gateway.store.database import MIGRATIONS, open_gateway_database
from services.gateway.tables import ledger_child, ledger_entry, ledger_head
from shared.domain.canonical import canonical_bytes, digest
from shared.storage.database import write_transaction
from shared.storage.journal import GENESIS
from shared.storage.migrations import config_for
from tests.support.databases import Databases
from tests.support.gateway import (
    GatewayUnderTest,
    ledger_entries,
    ledger_faults,
    look_often,
    running_gateway,
)
from tests.support.service import SettableClock

CHILD = "0190a000-0000-7000-8000-000000000001"
OTHER = "0190a000-0000-7000-8000-000000000002"
PATH = f"/v1/children/{CHILD}"


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
            "UPDATE ledger_entry SET withheld = NULL WHERE position = 2",
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
    assert ledger_faults(gateway) == []
    without_guards(gateway, statement)
    assert ledger_faults(gateway) == [fault]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("recorded_at", "'soon'"),
        ("recorded_at", "x'ff'"),
        ("fields", "'[\"id\"'"),
        ("withheld", "'['"),
        ("status", "200.5"),
        ("client_id", "x'ff'"),
        ("hash", "x'ff'"),
        ("position", "'second'"),
    ],
)
def test_what_can_be_read_no_more_is_a_fault_and_the_walk_goes_on(
    sqlite_gateway: GatewayUnderTest, column: str, value: str
) -> None:
    """SQLite takes any value in any column."""
    gateway = sqlite_gateway
    client = gateway.client("social-worker")
    for _ in range(4):
        client.get(PATH)
    unreadable = f"UPDATE ledger_entry SET {column} = {value} WHERE position = 2"  # noqa: S608  # our own words
    later = "UPDATE ledger_entry SET client_id = 'x' WHERE position = 4"
    without_guards(gateway, "DELETE FROM ledger_child WHERE position = 2", unreadable, later)
    found = ledger_faults(gateway)
    assert "position 2" in found[0]
    assert "gateway-1: position 4 was changed after it was written" in found


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE ledger_child SET child_id = 'x' WHERE position = 2", "position 2 was changed"),
        ("UPDATE ledger_head SET recorded_at = 'soon', hash = 'x'", "the chain ends at position 2"),
        ("UPDATE ledger_head SET position = 'x'", "the chain ends at position 2, its head says x"),
    ],
)
def test_so_is_what_stands_beside_the_entries(
    sqlite_gateway: GatewayUnderTest, statement: str, fault: str
) -> None:
    client = sqlite_gateway.client("social-worker")
    for _ in range(2):
        client.get(PATH)
    without_guards(sqlite_gateway, statement)
    (found,) = ledger_faults(sqlite_gateway)
    assert found.startswith(f"gateway-1: {fault}")


def test_entries_from_before_the_ledger_kept_what_was_withheld_still_verify(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> None:
    url = databases.empty()
    database = open_gateway_database(url)
    chain = {"instance": "gateway-1", "recorded_at": "2026-05-01T09:00:00.000000+00:00"}
    told: dict[str, Any] = {
        "position": 1,
        "request_id": "request-0001",
        "client_id": "social-worker",
        "person_id": "p-social-worker",
        "purpose": "safeguarding",
        "method": "GET",
        "route": "/v1/children/{child_id}",
        "status": 404,
        "fields": [],
        "previous_hash": GENESIS,
    }
    hashed = digest(canonical_bytes({**chain, **told, "children": []}))
    at = datetime(2026, 5, 1, 9, tzinfo=UTC)
    with write_transaction(database.engine) as connection:
        command.upgrade(config_for(connection, MIGRATIONS), "0001")
        old_head = {"instance": "gateway-1", "position": 1, "hash": hashed, "recorded_at": at}
        connection.execute(insert(ledger_head).values(old_head))
        old_entry = {**told, "instance": "gateway-1", "recorded_at": at, "hash": hashed}
        connection.execute(insert(ledger_entry).values(old_entry))
        command.upgrade(config_for(connection, MIGRATIONS), "0002")
    database.engine.dispose()
    with running_gateway(tmp_path, url, clock) as gateway:
        gateway.client("social-worker").get(PATH)
        assert [entry["withheld"] for entry in ledger_entries(gateway)] == [None, []]
        assert ledger_faults(gateway) == []


def test_a_missing_entry_is_found(gateway: GatewayUnderTest) -> None:
    client = gateway.client("social-worker")
    for _ in range(3):
        client.get(f"/v1/children/{CHILD}")
    without_guards(
        gateway,
        "DELETE FROM ledger_child WHERE position = 2",
        "DELETE FROM ledger_entry WHERE position = 2",
    )
    assert ledger_faults(gateway) == [
        "gateway-1: position 2 is missing",
        "gateway-1: position 3 does not follow from the entry before it",
    ]


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
        statuses = list(pool.map(look_often, apps, tokens, [PATH, PATH], [20, 20]))
        assert statuses == [[200] * 20, [200] * 20]
        assert len(ledger_entries(one)) == 40
        assert ledger_faults(one) == []
        assert {entry["instance"] for entry in ledger_entries(one)} == set(instances)
