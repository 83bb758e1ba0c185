"""The internal feed: nothing skipped, nothing taken twice, a restored source read anew."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, delete, insert, select

from shared.contracts.events import Event
from shared.events.consumer import FeedConsumer
from shared.peers import Connect, Credentials, Peer
from shared.storage.cursors import Cursor, cursor_table, read_cursor
from shared.storage.database import open_database
from shared.storage.journal import journal_tables, start_journal
from shared.storage.writing import Database, Writing
from tests.support.databases import Databases

metadata = MetaData()
taken = Table(
    "taken",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("epoch", String(10), primary_key=True),
)
cursor_table(metadata)
JOURNAL = journal_tables(metadata)


class Source:
    """Another service's feed, as a handler function."""

    def __init__(self) -> None:
        self.epoch, self.events = "first", [1, 2, 3]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/oauth2/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        after = int(request.url.params["after"])
        events = [
            {
                "position": n,
                "recorded_at": "2026-06-01T09:00:00Z",
                "type": "noted",
                "data": {"n": n, "epoch": self.epoch},
            }
            for n in self.events
            if n > after
        ]
        page = {"epoch": self.epoch, "next": max([after, *self.events]), "events": events}
        return httpx.Response(200, json=page)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    engine = open_database(databases.empty())
    with engine.begin() as connection:
        metadata.create_all(connection)
        start_journal(connection)
    yield Database(engine, JOURNAL)
    engine.dispose()


def consumer(source: Source, database: Database, refuse: int | None = None) -> FeedConsumer:
    def connect(_name: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(source), base_url="http://x")

    def apply(transaction: Writing, events: Sequence[Event]) -> None:
        for event in events:
            if event.data["n"] == refuse:
                raise LookupError
            transaction.connection.execute(
                insert(taken).values(number=event.data["n"], epoch=event.data["epoch"])
            )

    def clock() -> datetime:
        return datetime(2026, 6, 1, tzinfo=UTC)

    def forget(transaction: Writing) -> None:
        transaction.connection.execute(delete(taken))

    peer = Peer("source", connect, Credentials("reader", "secret"), clock)
    return FeedConsumer("source", peer, database, clock, apply, forget)


def pausing(source: Source, meanwhile: Callable[[], None]) -> Connect:
    """The source, whose page is on its way while something else happens."""

    async def answer(request: httpx.Request) -> httpx.Response:
        response = source(request)
        if request.url.path == "/internal/events":
            await anyio.to_thread.run_sync(meanwhile)
        return response

    return lambda _name: httpx.AsyncClient(
        transport=httpx.MockTransport(answer), base_url="http://x"
    )


def read_all(reader: FeedConsumer) -> None:
    async def steps() -> None:
        while await reader.step():
            pass
        await reader.peer.close()

    anyio.run(steps)


def found(database: Database) -> list[Any]:
    with database.reading() as connection:
        rows = connection.execute(select(taken).order_by(taken.c.epoch, taken.c.number))
        return [tuple(row) for row in rows]


def test_each_event_is_taken_once_and_reading_goes_on_where_it_stood(database: Database) -> None:
    source = Source()
    read_all(consumer(source, database))
    source.events.append(4)
    read_all(consumer(source, database))
    assert found(database) == [(n, "first") for n in (1, 2, 3, 4)]


def test_an_event_that_cannot_be_taken_stops_the_reading_there_and_nothing_is_skipped(
    database: Database,
) -> None:
    source = Source()
    with pytest.raises(LookupError):
        read_all(consumer(source, database, refuse=2))
    assert found(database) == [(1, "first")]
    with database.reading() as connection:
        assert read_cursor(connection, "source").position == 1
    read_all(consumer(source, database))
    assert found(database) == [(n, "first") for n in (1, 2, 3)]


def test_a_source_that_was_restored_is_read_from_its_start(database: Database) -> None:
    source = Source()
    read_all(consumer(source, database))
    source.epoch, source.events = "second", [1, 2]
    read_all(consumer(source, database))
    assert found(database) == [(n, "second") for n in (1, 2)]


def test_a_restored_source_that_tells_nothing_any_more_is_forgotten_whole(
    database: Database,
) -> None:
    source = Source()
    read_all(consumer(source, database))
    source.epoch, source.events = "second", []
    read_all(consumer(source, database))
    assert found(database) == []


def test_a_page_read_before_another_replica_read_on_is_not_applied_after_it(
    database: Database,
) -> None:
    source = Source()
    slow, quick = consumer(source, database), consumer(source, database)
    slow.peer.connect = pausing(source, lambda: read_all(quick))
    source.events = [1]
    assert not anyio.run(slow.step)
    assert found(database) == [(1, "first")]
    with database.reading() as connection:
        assert read_cursor(connection, "source").position == 1


@pytest.mark.parametrize("epoch", ["first", "second"])
def test_two_replicas_that_read_at_once_take_each_event_once(
    database: Database, epoch: str
) -> None:
    source = Source()
    read_all(consumer(source, database))
    source.epoch, source.events = epoch, [1, 2, 3, 4, 5]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: read_all(consumer(source, database)), range(4)))
    assert {number for number, _ in found(database)} == {1, 2, 3, 4, 5}
    with database.reading() as connection:
        assert read_cursor(connection, "source") == Cursor(epoch, 5)


def test_two_first_readers_take_each_event_once(database: Database) -> None:
    source = Source()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: read_all(consumer(source, database)), range(4)))
    assert found(database) == [(n, "first") for n in (1, 2, 3)]
