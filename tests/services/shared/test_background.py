"""Loops beside the requests: one that fails is seen, is tried again, and stops no other."""

import logging
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import anyio
import httpx
import pytest
from anyio.lowlevel import checkpoint
from fastapi.testclient import TestClient
from joserfc.jwk import OKPKey
from sqlalchemy import MetaData

from shared.background import Background
from shared.http.app import service_app
from shared.http.callers import TrustedKeys
from shared.http.cursors import Cursors
from shared.http.key_fetching import keeping_keys
from shared.http.service import Service
from shared.storage.database import open_database
from shared.storage.journal import journal_tables
from shared.storage.writing import Database
from tests.support.databases import SqliteDatabases
from tests.support.service import ISSUER, SettableClock

NAME_OF_A_CHILD = "Synthetic Example"
JWKS = {"keys": [OKPKey.generate_key("Ed25519", {"kid": "k"}).as_dict(private=False)]}


@asynccontextmanager
async def running(background: Background) -> AsyncIterator[None]:
    """Loops under way."""
    async with anyio.create_task_group() as group:
        group.start_soon(background.run)
        yield
        group.cancel_scope.cancel()


def test_a_loop_that_fails_is_named_and_tried_again_and_stops_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def run() -> None:
        tried_again, other_went_on = anyio.Event(), anyio.Event()
        turns = count(1)

        async def bad() -> float:
            if next(turns) == 2:
                tried_again.set()
            raise LookupError(NAME_OF_A_CHILD)

        async def good() -> float:
            if tried_again.is_set():
                other_went_on.set()
            return 0.001

        background = Background({"scores": bad, "feed": good})
        assert background.check() is None
        async with running(background):
            await tried_again.wait()
            await other_went_on.wait()
            assert background.check() == "scores: failing, 2 in a row"

    with caplog.at_level(logging.ERROR, "amber.background"):
        anyio.run(run)
    assert "scores failed (2): LookupError at shared.background:" in caplog.text
    assert NAME_OF_A_CHILD not in caplog.text


def test_a_loop_that_does_its_work_again_is_well_again() -> None:
    async def run() -> None:
        turns, well = count(1), anyio.Event()

        async def recovering() -> float:
            turn = next(turns)
            if turn == 1:
                raise LookupError
            if turn == 3:
                well.set()
            return 0

        background = Background({"scores": recovering})
        async with running(background):
            await well.wait()
            assert background.check() is None

    anyio.run(run)


def test_what_the_loops_held_open_is_closed_when_they_end() -> None:
    closed = []

    async def close() -> None:
        await checkpoint()  # a close that has to wait is waited for
        closed.append(True)

    async def run() -> None:
        async with running(Background({}, [close])):
            await anyio.sleep(0.01)
            assert not closed

    anyio.run(run)
    assert closed


def test_a_service_whose_worker_fails_is_not_ready_and_says_which(
    sqlite_databases: SqliteDatabases, clock: SettableClock
) -> None:
    tried_again, turns = threading.Event(), count(1)

    async def worker() -> float:
        if next(turns) == 2:
            tried_again.set()
        raise LookupError(NAME_OF_A_CHILD)

    engine = open_database(sqlite_databases.empty())
    service = Service(
        "scoring",
        Database(engine, journal_tables(MetaData())),
        clock,
        TrustedKeys(ISSUER, "scoring", clock),
        Cursors.of_no_list(),
    )
    app = service_app(service, "Scoring", [], Background({"scores": worker}), {})
    with TestClient(app) as client:
        assert tried_again.wait(20)
        answer = client.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["checks"]["loops"].startswith("scores: failing")
    engine.dispose()


@pytest.mark.parametrize(
    "unreadable", [b"[]", b'{"keys": [{"kty": "odd"}]}', b'{"keys": 3}', b"<html>", b"{}"]
)
def test_keys_that_cannot_be_read_are_a_failure_that_ends_with_good_ones(
    clock: SettableClock, unreadable: bytes
) -> None:
    trusted = TrustedKeys(ISSUER, "scoring", clock)
    answers: Iterator[dict[str, Any]] = iter([{"content": unreadable}, {"json": JWKS}])

    def gateway(_name: str) -> httpx.AsyncClient:
        transport = httpx.MockTransport(lambda _request: httpx.Response(200, **next(answers)))
        return httpx.AsyncClient(transport=transport, base_url="http://gateway")

    async def run() -> None:
        failed, learned = anyio.Event(), anyio.Event()
        keep = keeping_keys(trusted, gateway)

        async def turn() -> float:
            try:
                wait = await keep()
            except Exception:
                failed.set()
                raise
            learned.set()
            return wait

        background = Background({"keys": turn})
        async with running(background):
            await failed.wait()
            assert (background.check(), trusted.keys) == ("keys: failing, 1 in a row", None)
            await learned.wait()
            assert (background.check(), trusted.keys is None) == (None, False)

    anyio.run(run)
