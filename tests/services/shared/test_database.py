"""Transactions: writers of one process take turns, and an error names nobody."""

import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from shared.storage.database import UNAVAILABLE, open_database, reading, write_transaction
from shared.storage.turns import NoTurnError, Turns
from tests.support.databases import Databases, SqliteDatabases

NAME_OF_A_CHILD = "Synthetic Example"


@pytest.fixture
def sqlite(sqlite_databases: SqliteDatabases) -> Iterator[Engine]:
    """A database with a counter that stands at 0."""
    engine = open_database(sqlite_databases.empty())
    with write_transaction(engine) as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER NOT NULL)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield engine
    engine.dispose()


def test_turns_are_had_in_the_order_in_which_they_were_asked_for() -> None:
    turns, had = Turns(), list[int]()

    def wait_and_write(number: int) -> None:
        with turns.one(20):
            had.append(number)

    threads = []
    with turns.one(0):
        for number in range(8):
            thread = threading.Thread(target=wait_and_write, args=(number,))
            thread.start()
            threads.append(thread)
            while turns.waiting <= number:
                pass
    for thread in threads:
        thread.join()
    assert had == list(range(8))


def test_a_turn_that_does_not_come_in_time_is_given_up_and_harms_nobody() -> None:
    turns = Turns()
    with turns.one(0):
        with pytest.raises(NoTurnError), turns.one(0.01):
            pass
        assert turns.waiting == 0
    with turns.one(0):
        pass


def test_a_failed_write_passes_the_turn_on(sqlite: Engine) -> None:
    with pytest.raises(OperationalError), write_transaction(sqlite) as connection:
        connection.execute(text("UPDATE counter SET n = 7, no_such_column = 7"))
    with write_transaction(sqlite) as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 0


def test_many_writers_at_once_all_get_their_turn(sqlite: Engine) -> None:
    pause = threading.Event()  # never set: what a write takes besides the database

    def count_one(_: int) -> None:
        with write_transaction(sqlite) as connection:
            n = connection.execute(text("SELECT n FROM counter")).scalar_one()
            pause.wait(0.02)
            connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(count_one, range(160)))
    with reading(sqlite) as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 160


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_busy(sqlite: Engine) -> None:
    with (
        write_transaction(sqlite),
        pytest.raises(UNAVAILABLE),
        write_transaction(sqlite),
    ):
        pass


def test_another_process_that_writes_is_waited_for_and_then_given_up(sqlite: Engine) -> None:
    other = sqlite3.connect(str(sqlite.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError), write_transaction(sqlite):
        pass
    other.execute("COMMIT")
    other.close()
    with write_transaction(sqlite) as connection:
        connection.execute(text("UPDATE counter SET n = 1"))


def test_an_error_of_the_database_names_nobody(databases: Databases) -> None:
    engine = open_database(databases.empty())
    with pytest.raises(Exception, match="no_such_table") as raised, reading(engine) as connection:
        connection.execute(
            text("SELECT 1 FROM no_such_table WHERE name = :name"), {"name": NAME_OF_A_CHILD}
        )
    assert NAME_OF_A_CHILD not in str(raised.value)
    engine.dispose()
