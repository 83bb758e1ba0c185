"""The consumers' feed at the gateway: merged, on the ledger, and honest about a restore."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.ids import new_id
from tests.support.databases import Databases
from tests.support.gateway import FakeServices, ledger_entries, running_gateway
from tests.support.service import SettableClock

CHILD = str(new_id())


def event(kind: str, position: int, second: int, child: str | None = None) -> dict[str, Any]:
    return {
        "id": str(new_id()),
        "kind": kind,
        "position": position,
        "recorded_at": f"2026-06-01T09:00:{second:02}Z",
        "child_id": child,
        "ids": {},
    }


class Journals:
    """Two services that tell what a test has them say."""

    def __init__(self) -> None:
        self.epoch = {"referrals": "e1", "scoring": "e2"}
        self.events: dict[str, list[dict[str, Any]]] = {"referrals": [], "scoring": []}
        self.down: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name = request.url.host
        if name in self.down:
            return httpx.Response(503, json={})
        after, limit = (int(request.url.params[each]) for each in ("after", "limit"))
        rest = [each for each in self.events[name] if each["position"] > after]
        head = max((each["position"] for each in self.events[name]), default=0)
        told = rest[:limit]
        following = told[-1]["position"] if len(told) == limit else head
        page = {"epoch": self.epoch[name], "next": following, "more": following < head}
        return httpx.Response(200, json={**page, "events": told})


@pytest.fixture
def journals() -> Journals:
    found = Journals()
    found.events["referrals"] = [event("referral.received", n, 2 * n, CHILD) for n in (1, 2, 5)]
    found.events["scoring"] = [
        event("score.calculated", 4, 3, CHILD),
        event("feed.silent", 9, 20),
    ]
    return found


def ask(client: Any, query: str = "") -> Any:
    answer = client.get(f"/v1/events{query}", headers={"Amber-Purpose": "safeguarding"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_events_of_both_services_come_by_time_each_once(
    databases: Databases, tmp_path: Path, clock: SettableClock, journals: Journals
) -> None:
    services = FakeServices(journals)
    with running_gateway(tmp_path, databases.fresh("gateway"), clock, services) as gateway:
        client = gateway.client("social-worker")
        page = ask(client, "?limit=4")
        assert [each["type"] for each in page["items"]] == [
            "referral.received",
            "score.calculated",
            "referral.received",
            "feed.silent",
        ]
        assert (page["children"], page["more"]) == ([CHILD], True)
        rest = ask(client, f"?after={page['cursor']}&limit=4")
        assert [each["source"] for each in rest["items"]] == ["/referrals"]
        assert rest["more"] is False
        assert ask(client, f"?after={rest['cursor']}")["items"] == []
        looks = [each for each in ledger_entries(gateway) if each["route"] == "/v1/events"]
        assert [each["children"] != set() for each in looks] == [True, True, False]
        internal = [json.dumps(dict(each.headers)) for each in services.seen]
        assert all(each.url.path == "/internal/consumer-events" for each in services.seen)
        assert len(internal) == 6


def test_after_a_restore_a_consumer_is_told_to_begin_anew(
    databases: Databases, tmp_path: Path, clock: SettableClock, journals: Journals
) -> None:
    services = FakeServices(journals)
    with running_gateway(tmp_path, databases.fresh("gateway"), clock, services) as gateway:
        client = gateway.client("social-worker")
        cursor = ask(client)["cursor"]
        journals.epoch["scoring"] = "e3"
        answer = client.get(f"/v1/events?after={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (410, "other_epoch")
        assert ask(client)["more"] is False


def test_while_a_service_is_away_nothing_is_passed_by(
    databases: Databases, tmp_path: Path, clock: SettableClock, journals: Journals
) -> None:
    services = FakeServices(journals)
    with running_gateway(tmp_path, databases.fresh("gateway"), clock, services) as gateway:
        client = gateway.client("social-worker")
        journals.down = {"scoring"}
        answer = client.get("/v1/events")
        assert (answer.status_code, answer.json()["code"]) == (503, "upstream_unavailable")
        journals.down = set()
        assert len(ask(client)["items"]) == 5
