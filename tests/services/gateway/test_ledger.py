"""Every look at a child is recorded before the answer leaves; if it can't be, nothing leaves."""

from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import select

from services.gateway.store import ledger
from services.gateway.tables import ledger_child, ledger_entry
from tests.support.gateway import GatewayUnderTest

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
