"""Consumers: registered once, changed with a trace, suspended for good."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from services.gateway.app import create_app
from services.gateway.consumers import register, set_secret, suspend
from services.gateway.demo import DEMO_FILE
from services.gateway.domain.consumer import Consumer, Kind
from services.gateway.store.consumers import find, kept_secrets
from services.gateway.store.database import open_gateway_database
from services.gateway.tables import consumer, consumer_secret
from shared.domain.errors import NotFoundError
from shared.storage.chain import faults
from shared.storage.database import write_transaction
from shared.storage.writing import Database
from tests.support.databases import Databases
from tests.support.gateway import GatewayUnderTest, gateway_settings, running_gateway
from tests.support.service import SettableClock

# What every demonstration has, whoever else a later chapter of it brings in.
PROMISED = {
    "analyst",
    "council-case-system",
    "mace-chair",
    "police-feed",
    "social-worker",
    "specialist-nurse",
    "weights-approver",
    "weights-author",
}
DEMO = set(YAML(typ="safe").load(DEMO_FILE.read_text("utf-8"))["consumers"])


def journal(database: Database) -> list[tuple[str, str]]:
    """Kind and payload of every entry, in order."""
    tables = database.journal
    with database.reading() as connection:
        assert list(faults(connection, tables)) == []
        rows = connection.execute(
            select(tables.entries.c.kind, tables.payloads.c.payload)
            .join(tables.payloads, tables.payloads.c.position == tables.entries.c.position)
            .order_by(tables.entries.c.position)
        )
        return [(row.kind, row.payload) for row in rows]


def test_a_demonstration_has_its_consumers_and_the_services(gateway: GatewayUnderTest) -> None:
    with gateway.database.reading() as connection:
        found = set(connection.scalars(select(consumer.c.client_id)))
        chair = find(connection, "mace-chair")
        feed = find(connection, "police-feed")
    assert found == DEMO | {"referrals", "scoring"}
    assert found >= PROMISED
    assert chair is not None
    assert (chair.kind, chair.person_id) == (Kind.PERSON, "p-mace-chair")
    assert chair.sight.teams is None
    assert feed is not None
    assert (feed.kind, feed.agency, feed.sources) == (Kind.MACHINE, "police", ("police-feed",))
    assert feed.sight.teams == frozenset()


def test_the_demo_people_are_different_people(gateway: GatewayUnderTest) -> None:
    with gateway.database.reading() as connection:
        people = list(
            connection.scalars(select(consumer.c.person_id).where(consumer.c.kind == "person"))
        )
    assert len(people) >= 5
    assert len(set(people)) == len(people)


def test_without_demo_only_the_services_are_registered(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> None:
    with running_gateway(tmp_path, databases.fresh("gateway"), clock, demo=False) as gateway:
        with gateway.database.reading() as connection:
            found = set(connection.scalars(select(consumer.c.client_id)))
        assert found == {"referrals", "scoring"}
        assert gateway.fetch_token("analyst").status_code == 401


def test_starting_again_changes_nothing_and_keeps_secrets(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> None:
    url = databases.fresh("gateway")
    with running_gateway(tmp_path, url, clock) as first:
        before, token = journal(first.database), first.token("analyst")
    with running_gateway(tmp_path, url, clock) as second:
        assert journal(second.database) == before
        client = second.anybody(Authorization=f"Bearer {token}")
        assert client.get("/v1/codes").status_code == 200
        assert second.fetch_token("analyst").status_code == 200


def test_two_gateways_starting_at_once_register_each_consumer_once(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> None:
    settings = gateway_settings(tmp_path, databases.fresh("gateway"))
    with ThreadPoolExecutor(4) as pool:
        apps = list(pool.map(lambda _: create_app(settings, clock=clock), range(4)))
    entries = journal(apps[0].state.service.database)
    for app in apps:
        app.state.service.database.engine.dispose()
    assert [kind for kind, _ in entries].count("consumer.registered") == len(DEMO) + 2
    assert [kind for kind, _ in entries].count("consumer.secret_set") == len(DEMO) + 2
    assert len(entries) == 2 * (len(DEMO) + 2)


def test_starting_again_never_lifts_a_suspension(
    databases: Databases, tmp_path: Path, clock: SettableClock
) -> None:
    url = databases.fresh("gateway")
    with (
        running_gateway(tmp_path, url, clock) as first,
        first.database.writing(clock) as transaction,
    ):
        suspend(transaction, "analyst", "left the council")
    with running_gateway(tmp_path, url, clock) as second:
        assert second.fetch_token("analyst").status_code == 401


def test_a_changed_consumer_and_secret_leave_a_trace_without_the_secret(
    gateway: GatewayUnderTest,
) -> None:
    before = len(journal(gateway.database))
    changed = Consumer("analyst", Kind.PERSON, "p-analyst", roles=frozenset({"mace_chair"}))
    with gateway.database.writing(gateway.clock) as transaction:
        register(transaction, changed, "another-secret")
        set_secret(transaction, "analyst", 2, "a-second-secret")
        suspend(transaction, "analyst", "left the council")
        suspend(transaction, "analyst", "left the council")
    added = journal(gateway.database)[before:]
    assert [kind for kind, _ in added] == [
        "consumer.changed",
        "consumer.secret_set",
        "consumer.secret_set",
        "consumer.suspended",
    ]
    with gateway.database.reading() as connection:
        hashes = kept_secrets(connection, "analyst")
    written = " ".join(payload for _, payload in added)
    assert not any(text in written for text in ("another-secret", "a-second-secret", *hashes))


def test_secrets_are_stored_as_hashes_only(gateway: GatewayUnderTest) -> None:
    with gateway.database.reading() as connection:
        rows = connection.execute(select(consumer_secret)).all()
    assert len(rows) == len(DEMO) + 2
    assert not any(secret in str(row) for row in rows for secret in gateway.secrets.values())


def test_nobody_unknown_can_be_suspended(gateway: GatewayUnderTest) -> None:
    with (
        pytest.raises(NotFoundError),
        gateway.database.writing(gateway.clock) as transaction,
    ):
        suspend(transaction, "nobody", "why not")


def row(**changes: Any) -> dict[str, Any]:
    known: dict[str, Any] = {
        "client_id": "new",
        "kind": "machine",
        "person_id": None,
        "roles": [],
        "purposes": [],
        "sources": [],
        "teams": [],
        "clearances": [],
    }
    return known | changes


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "person"},
        {"kind": "machine", "person_id": "p-1"},
        {"kind": "service", "person_id": "p-1"},
        {"kind": "robot"},
    ],
)
def test_the_database_refuses_a_consumer_that_cannot_be(
    databases: Databases, wrong: dict[str, Any]
) -> None:
    database = open_gateway_database(databases.fresh("gateway"))
    with pytest.raises(IntegrityError), write_transaction(database.engine) as connection:
        connection.execute(insert(consumer).values(row(**wrong)))
    database.engine.dispose()


def test_the_database_refuses_a_third_live_secret(gateway: GatewayUnderTest) -> None:
    with (
        pytest.raises(IntegrityError),
        gateway.database.writing(gateway.clock) as transaction,
    ):
        set_secret(transaction, "analyst", 3, "a-third-secret")
