"""The journal: one order, one chain, known time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from threading import Lock

import pytest
from sqlalchemy import MetaData, delete, select, text, update
from sqlalchemy.exc import DBAPIError

from shared.storage.chain import faults
from shared.storage.database import open_database
from shared.storage.journal import entries_after, journal_tables, start_journal
from shared.storage.writing import Database
from tests.support.databases import Databases
from tests.support.service import SettableClock

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def database(databases: Databases) -> Iterator[Database]:
    engine = open_database(databases.empty())
    metadata = MetaData()
    tables = journal_tables(metadata)
    with engine.begin() as connection:
        metadata.create_all(connection)
        start_journal(connection)
    yield Database(engine, tables)
    engine.dispose()


def note(database: Database, *names: str, at: datetime = NOON) -> None:
    with database.writing(lambda: at) as transaction:
        for name in names:
            transaction.record("noted", {"name": name})


def whole(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(faults(connection, database.journal))


def positions(database: Database) -> list[tuple[int, datetime]]:
    entries = database.journal.entries
    with database.reading() as connection:
        rows = connection.execute(
            select(entries.c.position, entries.c.recorded_at).order_by(entries.c.position)
        )
        return [(row.position, row.recorded_at) for row in rows]


def test_entries_of_one_transaction_follow_each_other_and_share_its_moment(
    database: Database,
) -> None:
    note(database, "a", "b")
    note(database, "c", at=NOON + timedelta(seconds=1))
    assert positions(database) == [
        (1, NOON),
        (2, NOON),
        (3, NOON + timedelta(seconds=1)),
    ]
    assert whole(database) == []


def test_a_clock_that_goes_back_never_makes_known_time_go_back(database: Database) -> None:
    note(database, "a")
    note(database, "b", at=NOON - timedelta(hours=1))
    assert positions(database)[1][1] == NOON + timedelta(microseconds=1)


def test_what_took_long_is_known_from_its_place_on_not_from_when_it_began(
    database: Database,
) -> None:
    clock = SettableClock(NOON)
    with database.writing(clock) as slow:
        slow.record("noted", {"name": "slow"})
        clock.forward(minutes=10)
        asked = clock()
        assert positions(database) == [], "so whoever asks now is told nothing of it"
        clock.forward(minutes=10)
    ((_, known_from),) = positions(database)
    assert known_from > asked


def test_known_time_follows_positions_whichever_writer_waits_for_which(
    database: Database,
) -> None:
    ticks, one_at_a_time = count(), Lock()

    def ticking() -> datetime:
        with one_at_a_time:
            return NOON + timedelta(seconds=next(ticks))

    def write(name: str) -> None:
        for _ in range(25):
            with database.writing(ticking) as transaction:
                transaction.record("noted", {"name": name})

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write, "ab"))
    moments = [moment for _, moment in positions(database)]
    assert moments == sorted(set(moments))
    assert all(moment.microsecond == 0 for moment in moments), "each was read off the clock in turn"


def test_writers_at_once_leave_one_whole_chain(database: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: note(database, f"n{n}"), range(40)))
    assert [position for position, _ in positions(database)] == list(range(1, 41))
    assert whole(database) == []


def test_a_failed_transaction_leaves_no_trace(database: Database) -> None:
    def fail_half_way() -> None:
        with database.writing(lambda: NOON) as transaction:
            transaction.record("noted", {"name": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert positions(database) == []
    assert whole(database) == []


def test_the_database_refuses_to_change_or_delete_an_entry(database: Database) -> None:
    note(database, "a")
    entries = database.journal.entries
    for change in (update(entries).values(kind="other"), delete(entries)):
        with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
            connection.execute(change)
    own = {
        "postgresql": "TRUNCATE journal CASCADE",
        "sqlite": "REPLACE INTO journal SELECT * FROM journal",
    }
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(own[database.engine.dialect.name]))


def test_a_payload_that_is_gone_is_found_and_the_entries_can_still_be_read(
    database: Database,
) -> None:
    note(database, "a", "b")
    with database.engine.begin() as connection:
        connection.execute(delete(database.journal.payloads).where(text("position = 1")))
    assert whole(database) == ["the payload of position 1 is missing"]
    with database.reading() as connection:
        found = entries_after(connection, database.journal, 0, ["noted"], 10)
    assert [entry.payload for entry in found] == [None, {"name": "b"}]


def test_a_changed_payload_is_found(database: Database) -> None:
    note(database, "a", "b")
    with database.engine.begin() as connection:
        connection.execute(
            update(database.journal.payloads)
            .where(text("position = 2"))
            .values(payload='{"name":"x"}')
        )
    assert whole(database) == ["the payload of position 2 was changed after it was written"]


def test_a_cut_off_tail_is_found(database: Database) -> None:
    note(database, "a", "b")
    with database.engine.begin() as connection:
        connection.execute(update(database.journal.head).values(position=1))
    assert whole(database) == ["the chain ends at position 2, its head says 1"]
