"""A database of the gateway in which every table has a row, written through the gateway itself."""

from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from services.gateway.consumers import set_secret, suspend
from shared.storage.database import open_database
from shared.storage.migrations import migrate
from tests.support.databases import migrations_of
from tests.support.gateway import GatewayUnderTest, running_gateway
from tests.support.service import SettableClock

CHILD = "01890000-0000-7000-8000-000000000001"
OTHER = "01890000-0000-7000-8000-000000000002"


def fill(url: str) -> None:
    """Fill a new database."""
    engine = open_database(url)
    migrate(engine, migrations_of("gateway"))
    engine.dispose()
    with (
        TemporaryDirectory() as folder,
        running_gateway(Path(folder), url, SettableClock()) as gateway,
    ):
        for step in STEPS:
            step(gateway)
            gateway.clock.forward(hours=1)


def _looks(gateway: GatewayUnderTest) -> None:
    gateway.services.answers = lambda _: httpx.Response(200, json={"total": "5", "band": "low"})
    person = gateway.client("social-worker")
    assert person.get(f"/v1/children/{CHILD}/score").status_code == 200
    items = {"items": [{"child_id": CHILD}, {"child_id": OTHER}]}
    gateway.services.answers = lambda _: httpx.Response(200, json=items)
    system = gateway.client("council-case-system")
    assert system.get("/v1/referrals").status_code == 200
    gateway.services.answers = lambda _: httpx.Response(404, json={"code": "not_found"})
    assert person.get(f"/v1/children/{OTHER}").status_code == 404


def _a_child_that_is_withheld(gateway: GatewayUnderTest) -> None:
    stored = {"id": OTHER, "child_id": None}
    gateway.services.answers = lambda _: httpx.Response(201, json=stored)
    answer = gateway.client("council-case-system").post("/v1/referrals", json={})
    assert answer.status_code == 201


def _a_refusal(gateway: GatewayUnderTest) -> None:
    client = gateway.client("social-worker", scope="referrals:read")
    assert client.get(f"/v1/children/{CHILD}/score").status_code == 403


def _a_consumer_that_is_suspended(gateway: GatewayUnderTest) -> None:
    with gateway.database.writing(gateway.clock) as transaction:
        set_secret(transaction, "analyst", 2, "a-second-secret")
        suspend(transaction, "analyst", "left the council")


STEPS = (_looks, _a_child_that_is_withheld, _a_refusal, _a_consumer_that_is_suspended)
