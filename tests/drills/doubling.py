"""Two gateways and two scoring processes on one database: everything sent through both at once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from random import Random
from uuid import uuid4

from services.gateway.store.ledger import faults
from shared.storage.database import open_database, reading
from tests.drills.feed import BATCH, Feed, Item
from tests.drills.killing import Sweeps
from tests.drills.proving import prove, settled
from tests.journeys.test_main_job import a_referral
from tests.support.api import Outside, fresh_urn
from tests.support.trackers import Deployed, free_url


def through_both(services: Deployed, batches: int, seed: int, today: date) -> dict[str, int]:
    """Send every batch through both gateways at once, each leading to a scoring process of its own,
    while the weights change. Returns what `prove` counted."""
    second = second_of_each(services)
    with closing(services.outside()) as one, closing(services.outside(second["gateway"])) as other:
        feed = Feed(one, Random(seed), today)  # noqa: S311  # no secret
        feed.introduce(known=8, unknown=4)
        _assert_one_referral(one, other)
        for client_id in ("police-feed", "weights-approver"):
            other.tokens[client_id] = one.token(client_id)  # good at either gateway
        weights = Sweeps(one, today)
        sending = [[feed.statement() for _ in range(BATCH)] for _ in range(batches)]
        with ThreadPoolExecutor(4) as at_once:
            waiting = [
                at_once.submit(send, gateway, batch)
                for batch in sending
                for gateway in (one, other)
            ]
            assert weights.change()
            for urn in list(feed.unknown):
                feed.make_known(urn)
            receipts = [each.result() for each in waiting]
        _assert_taken_once(receipts)
        settled(services)
        found = prove(services.database("scoring"), feed)
    _assert_looks_are_recorded(services)
    return found


def second_of_each(services: Deployed) -> dict[str, str]:
    """Start another gateway and another scoring, the one in front of the other."""
    second = {"scoring": free_url(), "gateway": free_url()}
    services.start("scoring", {"scoring": second["scoring"]})
    services.start("gateway", second, settings={"AMBER_INSTANCE": "gateway-2"})
    for url in second.values():
        services.running[url].await_ready(url)
    return second


def send(gateway: Outside, batch: Sequence[Item]) -> list[Item]:
    """Push a batch. Returns the items of the receipt."""
    answer = gateway.call("police-feed", "POST", "/v1/indicator-updates", batch)
    assert answer.status_code == 200, answer.text
    items: list[Item] = answer.json()["items"]
    return items


def _assert_taken_once(receipts: Sequence[Sequence[Item]]) -> None:
    """Whichever gateway was first, the other one's is a duplicate with the same first result."""
    results: dict[tuple[str, int], list[str]] = {}
    for item in (item for receipt in receipts for item in receipt):
        results.setdefault((item["source_ref"], item["revision"]), []).append(item["result"])
    for pair in results.values():
        assert len(pair) == 2
        assert pair.count("duplicate") == 1, pair


def _assert_one_referral(one: Outside, other: Outside) -> None:
    """The same referral through both at once, under one key."""
    body, key = a_referral(fresh_urn()), uuid4().hex
    with ThreadPoolExecutor(2) as at_once:
        answers = [
            each.result()
            for each in [
                at_once.submit(
                    gateway.call,
                    "council-case-system",
                    "POST",
                    "/v1/referrals",
                    body,
                    Idempotency_Key=key,
                )
                for gateway in (one, other)
            ]
        ]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def _assert_looks_are_recorded(services: Deployed) -> None:
    """Each gateway writes a chain of its own, and both are whole."""
    engine = open_database(services.database("gateway"))
    with reading(engine) as connection:
        assert list(faults(connection)) == []
    engine.dispose()
