"""A database that is dead, or that hangs: within 3 s every caller is told to come again, nobody
waits in vain, and afterwards everything goes on as if nothing had been."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.journeys.test_main_job import a_referral, an_update, days_ago
from tests.support.api import Outside, await_it, fresh_urn
from tests.support.databases import PostgresqlDatabases
from tests.support.postgresql import PostgreSQL, running_postgresql
from tests.support.trackers import three_processes

WITHIN_SECONDS = 3.0
AT_ONCE = 60
"""More than a service has threads, and more than it has connections."""


@dataclass(frozen=True)
class Deployed:
    tracker: Outside
    gateways: PostgreSQL
    services: PostgreSQL
    http: httpx.Client
    """As many connections as there are callers."""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    folder: Path = tmp_path_factory.mktemp("deployed")
    with (
        running_postgresql() as gateways,
        running_postgresql() as services,
        three_processes(
            PostgresqlDatabases(services), folder, PostgresqlDatabases(gateways), migrate=False
        ) as tracker,
        httpx.Client(
            base_url=tracker.url, timeout=30, limits=httpx.Limits(max_connections=None)
        ) as http,
    ):
        tracker.put_weights_in_force()
        yield Deployed(tracker, gateways, services, http)


def hanging(*clusters: PostgreSQL) -> AbstractContextManager[object]:
    with ExitStack() as entered:
        for cluster in clusters:
            entered.enter_context(cluster.hanging())
        return entered.pop_all()


def killed(*clusters: PostgreSQL) -> AbstractContextManager[object]:
    with ExitStack() as entered:
        for cluster in clusters:
            entered.enter_context(cluster.killed())
        return entered.pop_all()


FAULTS: dict[str, Callable[[Deployed], AbstractContextManager[object]]] = {
    "the services' database hangs": lambda all_: hanging(all_.services),
    "the gateway's database hangs": lambda all_: hanging(all_.gateways),
    "both hang": lambda all_: hanging(all_.gateways, all_.services),
    "the services' database is killed": lambda all_: killed(all_.services),
    "both are killed": lambda all_: killed(all_.gateways, all_.services),
}


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None
    code: str
    seconds: float


def ask(all_: Deployed, client_id: str, method: str, path: str, body: Any = None) -> Answer:
    """One request, never sent again."""
    headers = {"Authorization": f"Bearer {all_.tracker.token(client_id)}"}
    if method == "POST":
        headers["Idempotency-Key"] = uuid4().hex
    began = time.monotonic()
    answer = all_.http.request(method, path, json=body, headers=headers)
    seconds = time.monotonic() - began
    return Answer(
        answer.status_code, answer.headers.get("retry-after"), answer.json().get("code"), seconds
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_reads_and_writes_are_told_to_come_again(deployed: Deployed, fault: str) -> None:
    tracker, urn = deployed.tracker, fresh_urn()
    referred = tracker.call("council-case-system", "POST", "/v1/referrals", a_referral(urn))
    child, position = referred.json()["child_id"], referred.headers["Amber-Position"]
    asking = [
        ("social-worker", "GET", f"/v1/children/{child}/score", None),
        ("social-worker", "GET", "/v1/referrals", None),
        ("council-case-system", "POST", "/v1/referrals", a_referral(fresh_urn())),
        (
            "police-feed",
            "POST",
            "/v1/indicator-updates",
            an_update(urn, "1", "missing_episode", days_ago(3)),
        ),
    ]
    for client_id, *_ in asking:
        tracker.token(client_id)

    with FAULTS[fault](deployed), ThreadPoolExecutor(AT_ONCE) as callers:
        waiting = [callers.submit(ask, deployed, *asking[n % 4]) for n in range(AT_ONCE)]
        began = time.monotonic()
        live = deployed.http.get("/livez")
        alive_in = time.monotonic() - began
        answers = [each.result() for each in waiting]
        again = [ask(deployed, *one) for one in asking]

    told = [(each.status, each.retry_after is not None) for each in answers + again]
    assert told == [(503, True)] * len(told), answers
    assert max(each.seconds for each in answers + again) < WITHIN_SECONDS
    assert live.status_code == 200
    assert alive_in < WITHIN_SECONDS, (
        "nobody's waiting keeps the process from saying that it is there"
    )

    # Back again: what was told to come again comes again, once.
    pushed = tracker.call("police-feed", "POST", "/v1/indicator-updates", asking[3][3])
    assert pushed.json()["items"][0]["result"] in {"recorded", "held", "duplicate"}
    await_it(lambda: ready(tracker), "the gateway to be ready again")
    score = tracker.get("social-worker", f"/v1/children/{child}/score", Amber_Min_Position=position)
    assert score["total"] == "5"


def ready(tracker: Outside) -> bool | None:
    return tracker.http.get("/readyz").status_code == 200 or None


def test_what_is_not_ready_says_so_in_time(deployed: Deployed) -> None:
    with deployed.gateways.hanging():
        began = time.monotonic()
        answer = deployed.http.get("/readyz")
        seconds = time.monotonic() - began
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "no answer")
    assert seconds < WITHIN_SECONDS


def test_a_new_token_is_not_waited_for_either(deployed: Deployed) -> None:
    secret = deployed.tracker.credentials["analyst"]["secret"]
    with deployed.gateways.hanging():
        began = time.monotonic()
        answer = deployed.http.post(
            "/oauth2/token", data={"grant_type": "client_credentials"}, auth=("analyst", secret)
        )
        seconds = time.monotonic() - began
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert seconds < WITHIN_SECONDS
